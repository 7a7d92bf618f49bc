import { drawDot, drawEstimated, type Palette } from './draw.ts';
import type { Fate } from './outcome.ts';

/** Every fate's dot beside the others, drawn once: copying a picture costs a tenth of drawing its outline. */
export interface Sprites {
  image: HTMLCanvasElement;
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
  const image = document.createElement('canvas');
  image.width = size * order.length;
  image.height = size;
  const context = image.getContext('2d')!;
  context.scale(size / pitch, size / pitch);
  order.forEach((fate, index) => {
    // What is not known at all looks the same in both.
    const draw = isEstimated && fate !== 'unasked' ? drawEstimated : drawDot;
    draw(context, fate, { x: (index + 0.5) * pitch, y: pitch / 2, pitch }, palette);
  });
  const sprites = { image, step, size };
  made.set(key, sprites);
  return sprites;
}

/** A grid of dots. */
export interface Grid {
  fates: readonly Fate[];
  columns: number;
  sprites: Sprites;
}

/** Upper left corner of a dot, in whole pixels of the screen. */
export const placeOf = (position: number, { columns, sprites: { step } }: Pick<Grid, 'columns' | 'sprites'>) => ({
  x: Math.round((position % columns) * step),
  y: Math.round(Math.floor(position / columns) * step),
});

/**
 * Paints a grid of dots; of one that was painted before, what changed.
 *
 * @param before what the canvas shows; null where it is empty
 * @returns how many dots were painted
 */
export function paintGrid(context: CanvasRenderingContext2D, grid: Grid, before: Grid | null): number {
  const { fates, columns, sprites } = grid;
  const { image, size } = sprites;
  const isSame =
    before?.columns === columns && before.sprites === sprites && before.fates.length === fates.length ? before : null;
  let painted = 0;
  for (let position = 0; position < fates.length; position++) {
    const fate = fates[position];
    if (isSame?.fates[position] === fate) continue;
    const { x, y } = placeOf(position, grid);
    if (isSame) context.clearRect(x, y, size, size);
    context.drawImage(image, order.indexOf(fate) * size, 0, size, size, x, y, size, size);
    painted++;
  }
  return painted;
}
