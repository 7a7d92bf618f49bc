import { drawDot, type Palette, pitchFor } from '../../src/ui/views/explore/map/draw.ts';
import type { Fate } from '../../src/ui/views/explore/map/outcome.ts';
import {
  paintGrid,
  placeOf,
  type SpriteGrid,
  type Sprites,
  spritesFor,
} from '../../src/ui/views/explore/map/sprites.ts';
import type { DotsData, DotsHow } from '../parts/dots.ts';

const palette: Palette = {
  known: '#0b7a69',
  forgotten: '#c2410c',
  learned: '#6d3fc4',
  never: '#9aa3a8',
  unasked: '#d5dadd',
};
const fates = Object.keys(palette) as Fate[];

interface Relation {
  context: CanvasRenderingContext2D;
  image: ImageData;
  grid: SpriteGrid;
}

/** The map's canvases, one a relation, with dots of random fates. */
function makeMap(dots: number, relations: number): Relation[] {
  const pitch = pitchFor(dots);
  const columns = Math.floor(document.documentElement.clientWidth / 10 / pitch) - 1;
  const sprites: Sprites = spritesFor({ scheme: 'light', pitch, ratio: 1, isEstimated: false }, palette);
  document.body.replaceChildren();
  return Array.from({ length: relations }, () => {
    const size = Math.ceil(dots / relations);
    const canvas = document.createElement('canvas');
    canvas.width = columns * pitch;
    canvas.height = Math.ceil(size / columns) * pitch;
    document.body.append(canvas);
    const context = canvas.getContext('2d')!;
    const image = context.createImageData(canvas.width, canvas.height);
    return { context, image, grid: { fates: someFates(size, () => 'unasked'), columns, sprites } };
  });
}

const someFates = (size: number, of: (position: number) => Fate) => Array.from({ length: size }, (_, at) => of(at));
const anyFate = () => fates[Math.floor(Math.random() * fates.length)];

/** Gives a share of the dots another fate, and paints them. */
function repaint(relation: Relation, how: DotsHow): void {
  const { context, image, grid } = relation;
  const share = how === 'a tenth changes' ? 0.1 : 1;
  const next: SpriteGrid = {
    ...grid,
    fates: someFates(grid.fates.length, (at) => (Math.random() < share ? anyFate() : grid.fates[at])),
  };
  if (how === 'all drawn as outlines') {
    const { step } = grid.sprites;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    for (const [position, fate] of next.fates.entries()) {
      const { x, y } = placeOf(position, next);
      drawDot(context, fate, { x: x + step / 2, y: y + step / 2, pitch: step }, palette);
    }
  } else if (paintGrid(image, next, grid)) context.putImageData(image, 0, 0);
  relation.grid = next;
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Paints every frame for a while. @returns milliseconds from frame to frame, and those that painting took of each */
async function paintFor(map: Relation[], how: DotsHow, milliseconds: number) {
  const frames: number[] = [];
  const painting: number[] = [];
  let last = await nextFrame();
  const end = last + milliseconds;
  while (last < end) {
    const begun = performance.now();
    for (const relation of map) repaint(relation, how);
    painting.push(performance.now() - begun);
    const now = await nextFrame();
    frames.push(now - last);
    last = now;
  }
  return { how, frames, painting };
}

async function benchDots(dots: number, relations: number, milliseconds: number): Promise<DotsData> {
  const map = makeMap(dots, relations);
  const runs: DotsData['runs'] = [];
  for (const how of ['all change', 'a tenth changes', 'all drawn as outlines'] as const) {
    await paintFor(map, how, 300);
    runs.push(await paintFor(map, how, milliseconds));
  }
  return { dots, relations, runs };
}

declare global {
  interface Window {
    benchDots: typeof benchDots;
  }
}
window.benchDots = benchDots;
