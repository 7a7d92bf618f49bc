import { drawDot, drawEstimated, type Palette } from './draw.ts';
import type { Fate } from './outcome.ts';

/** Every fate's dot, drawn once: copying its pixels costs a small part of drawing its outline. */
export interface Sprites {
  /** Each fate's pixels, row after row. */
  pixels: Readonly<Record<Fate, Uint32Array>>;
  /** Distance between two dots, in pixels of the screen; it need not be whole. */
  step: number;
  /** Width of a dot's picture. */
  size: number;
}

const order: readonly Fate[] = ['known', 'forgotten', 'learned', 'never', 'unasked'];

/** Those that were drawn, by what they depend on. */
const made = new Map<string, Sprites>();

/** The dots of a look. @param ratio pixels of the screen for each of CSS */
export function spritesFor(
  { scheme, pitch, ratio, isEstimated }: { scheme: string; pitch: number; ratio: number; isEstimated: boolean },
  palette: Palette,
): Sprites {
  const key = [scheme, pitch, ratio, isEstimated, ...Object.values(palette)].join();
  const known = made.get(key);
  if (known) return known;
  const step = pitch * ratio;
  const size = Math.round(step);
  const canvas = document.createElement('canvas');
  canvas.width = size * order.length;
  canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(size / pitch, size / pitch);
  const pixels = Object.fromEntries(
    order.map((fate, index) => {
      // What is not known at all looks the same in both.
      const draw = isEstimated && fate !== 'unasked' ? drawEstimated : drawDot;
      draw(context, fate, { x: (index + 0.5) * pitch, y: pitch / 2, pitch }, palette);
      const { data } = context.getImageData(index * size, 0, size, size);
      return [fate, new Uint32Array(data.buffer)];
    }),
  ) as Record<Fate, Uint32Array>;
  const sprites = { pixels, step, size };
  made.set(key, sprites);
  return sprites;
}

/** A grid of dots. */
export interface SpriteGrid {
  fates: readonly Fate[];
  columns: number;
  sprites: Sprites;
}

/** Upper left corner of a dot, in whole pixels of the screen. */
export const placeOf = (position: number, { columns, sprites: { step } }: Pick<SpriteGrid, 'columns' | 'sprites'>) => ({
  x: Math.round((position % columns) * step),
  y: Math.round(Math.floor(position / columns) * step),
});

/**
 * Puts a grid of dots into a picture; of one that was there before, what changed. Pixels are written as they are: a
 * browser without a GPU would else draw every dot a second time when the canvas is shown.
 *
 * @param image as large as the grid
 * @param before what the picture holds; null where it is empty
 * @returns the rows of pixels that changed, from the first to behind the last; null if none did
 */
export function paintGrid(
  image: ImageData,
  grid: SpriteGrid,
  before: SpriteGrid | null,
): [top: number, bottom: number] | null {
  const { fates, sprites } = grid;
  const { pixels, size } = sprites;
  const { width, height } = image;
  const target = new Uint32Array(image.data.buffer);
  let [top, bottom] = [height, 0];
  for (let position = 0; position < fates.length; position++) {
    const fate = fates[position];
    if (before?.fates[position] === fate) continue;
    const { x, y } = placeOf(position, grid);
    const [wide, high] = [Math.min(size, width - x), Math.min(size, height - y)];
    const dot = pixels[fate];
    for (let row = 0; row < high; row++)
      for (let column = 0; column < wide; column++) target[(y + row) * width + x + column] = dot[row * size + column];
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + high);
  }
  return top < bottom ? [top, bottom] : null;
}
