import { useComputedColorScheme } from '@mantine/core';
import { type MouseEvent, useEffect, useRef } from 'react';
import { columnsFor, drawDot, drawEstimated, readPalette } from './draw.ts';
import type { Fate } from './outcome.ts';
import { paintSoon } from './paint.ts';

interface Props {
  fates: readonly Fate[];
  /** Whether they are only what neighbouring levels let expect. */
  isEstimated: boolean;
  /** Position of the fact that is looked at, or null. */
  selected: number | null;
  /** Width of the drawing in CSS pixels; 0 before it is known. */
  width: number;
  /** Distance between two dots. */
  pitch: number;
  onPick: (position: number) => void;
  /** The fact under the pointer, as a tooltip. */
  titleOf: (position: number) => string;
}

/** One relation's facts as dots. For the eye and the pointer; the list of facts says the same to everybody else. */
export function Dots({ fates, isEstimated, selected, width, pitch, onPick, titleOf }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const columns = columnsFor(width, pitch);
  const height = Math.ceil(fates.length / columns) * pitch;

  // The scheme is among what the drawing depends on: it changes the colours that are read from the theme.
  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const layout = { isEstimated, width, height, columns, pitch, scheme };
    return paintSoon(element, () => paintDots(element, fates, selected, layout));
  }, [fates, isEstimated, selected, width, height, columns, pitch, scheme]);

  const positionAt = ({ nativeEvent: { offsetX, offsetY } }: MouseEvent) => {
    const column = Math.min(columns - 1, Math.floor(offsetX / pitch));
    const position = Math.floor(offsetY / pitch) * columns + column;
    return position >= 0 && position < fates.length ? position : null;
  };

  return (
    <div aria-hidden="true">
      <canvas
        ref={canvas}
        style={{ width: '100%', height, display: 'block', cursor: 'pointer' }}
        onClick={(event) => {
          const position = positionAt(event);
          if (position !== null) onPick(position);
        }}
        onMouseMove={(event) => {
          const position = positionAt(event);
          event.currentTarget.title = position === null ? '' : titleOf(position);
        }}
      />
    </div>
  );
}

interface Layout {
  isEstimated: boolean;
  width: number;
  height: number;
  columns: number;
  pitch: number;
  scheme: string;
}

function paintDots(
  element: HTMLCanvasElement,
  fates: readonly Fate[],
  selected: number | null,
  { isEstimated, width, height, columns, pitch, scheme }: Layout,
): void {
  const context = element.getContext('2d');
  if (!context) return;
  const ratio = window.devicePixelRatio;
  element.width = Math.round(width * ratio);
  element.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const palette = readPalette(element, scheme);
  const draw = isEstimated ? drawEstimated : drawDot;
  fates.forEach((fate, position) => {
    const x = (position % columns) * pitch + pitch / 2;
    const y = Math.floor(position / columns) * pitch + pitch / 2;
    // What is not known at all looks the same in both.
    (fate === 'unasked' ? drawDot : draw)(context, fate, { x, y, pitch }, palette);
    if (position !== selected) return;
    context.strokeStyle = palette.known;
    context.strokeRect(x - pitch / 2 + 0.5, y - pitch / 2 + 0.5, pitch - 1, pitch - 1);
  });
}
