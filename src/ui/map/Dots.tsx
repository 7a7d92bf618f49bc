import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type MouseEvent, useEffect, useRef } from 'react';
import { columnsFor, drawDot, pitch, readPalette } from './draw.ts';
import type { Fate } from './outcome.ts';

interface Props {
  fates: readonly Fate[];
  /** Position of the fact that is looked at, or null. */
  selected: number | null;
  onPick: (position: number) => void;
  /** The fact under the pointer, as a tooltip. */
  titleOf: (position: number) => string;
}

/** One relation's facts as dots. For the eye and the pointer; the list of facts says the same to everybody else. */
export function Dots({ fates, selected, onPick, titleOf }: Props) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const columns = columnsFor(width);
  const height = Math.ceil(fates.length / columns) * pitch;

  // The scheme is among what the drawing depends on: it changes the colours that are read from the theme.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const palette = readPalette(element);
    fates.forEach((fate, position) => {
      const x = (position % columns) * pitch + pitch / 2;
      const y = Math.floor(position / columns) * pitch + pitch / 2;
      drawDot(context, fate, x, y, palette);
      if (position !== selected) return;
      context.strokeStyle = getComputedStyle(element).color;
      context.strokeRect(x - pitch / 2 + 0.5, y - pitch / 2 + 0.5, pitch - 1, pitch - 1);
    });
  }, [fates, selected, width, height, columns, scheme]);

  const positionAt = ({ nativeEvent: { offsetX, offsetY } }: MouseEvent) => {
    const column = Math.min(columns - 1, Math.floor(offsetX / pitch));
    const position = Math.floor(offsetY / pitch) * columns + column;
    return position >= 0 && position < fates.length ? position : null;
  };

  return (
    <div ref={ref} aria-hidden="true">
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
