import { useComputedColorScheme } from '@mantine/core';
import { type MouseEvent, useEffect, useRef } from 'react';
import { columnsFor, readPalette } from './draw.ts';
import type { Fate } from './outcome.ts';
import { paintSoon } from './paint.ts';
import { paintGrid, placeOf, type SpriteGrid, spritesFor } from './sprites.ts';

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
  const shown = useRef<Shown | null>(null);
  const scheme = useComputedColorScheme('light');
  const columns = columnsFor(width, pitch);
  const height = Math.ceil(fates.length / columns) * pitch;

  // The scheme is among what the drawing depends on: it changes the colours that are read from the theme.
  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const layout = { isEstimated, width, height, columns, pitch, scheme };
    return paintSoon(element, () => {
      shown.current = paintDots(element, { fates, selected }, layout, shown.current);
    });
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

/** What a canvas shows. */
interface Shown extends SpriteGrid {
  image: ImageData;
  selected: number | null;
}

function paintDots(
  element: HTMLCanvasElement,
  { fates, selected }: Pick<Shown, 'fates' | 'selected'>,
  { isEstimated, width, height, columns, pitch, scheme }: Layout,
  before: Shown | null,
): Shown | null {
  const context = element.getContext('2d');
  // A relation without facts has no picture.
  if (!context || height === 0) return null;
  const ratio = window.devicePixelRatio;
  const palette = readPalette(element, scheme);
  const sprites = spritesFor({ scheme, pitch, ratio, isEstimated }, palette);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  const grid: SpriteGrid = { fates, columns, sprites };
  const isSame =
    before?.image.width === wide &&
    before.image.height === high &&
    before.columns === columns &&
    before.sprites === sprites &&
    before.fates.length === fates.length;
  if (!isSame) {
    element.width = wide;
    element.height = high;
  }
  const image = isSame ? before.image : context.createImageData(wide, high);
  const changed = paintGrid(image, grid, isSame ? before : null);
  // A frame around a dot reaches into its neighbours.
  if (isSame && before.selected !== selected) context.putImageData(image, 0, 0);
  else if (changed) context.putImageData(image, 0, 0, 0, changed[0], wide, changed[1] - changed[0]);
  if (selected !== null) {
    const { size } = sprites;
    context.strokeStyle = palette.known;
    context.lineWidth = ratio;
    const { x, y } = placeOf(selected, grid);
    context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
  }
  return { ...grid, image, selected };
}
