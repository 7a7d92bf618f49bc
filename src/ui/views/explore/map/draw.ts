import type { Fate } from './outcome.ts';

/** Distance between two dots, in CSS pixels: smaller where there are thousands of them. */
export const pitchFor = (facts: number) => (facts > 6000 ? 7 : 9);

/** Colours by fate, read from the page's theme. */
export type Palette = Record<Fate, string>;

/** The last palette that was read, by its colour scheme: reading one makes the browser compute styles. */
let last: { scheme: string; palette: Palette } | undefined;

export function readPalette(element: Element, scheme: string): Palette {
  if (last?.scheme === scheme) return last.palette;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--lossy-${name}`).trim();
  const palette = {
    known: colour('known'),
    forgotten: colour('forgotten'),
    learned: colour('learned'),
    never: colour('never'),
    unasked: colour('unasked'),
  };
  last = { scheme, palette };
  return palette;
}

/** How much fainter and smaller a fact is drawn that is only estimated. */
const faint = { opacity: 0.7, size: 0.75 };

/** Draws a fact as its neighbouring levels let expect it: its own shape, smaller and paler. */
export function drawEstimated(
  context: CanvasRenderingContext2D,
  fate: Fate,
  { x, y, pitch }: { x: number; y: number; pitch: number },
  palette: Palette,
): void {
  context.globalAlpha = faint.opacity;
  drawDot(context, fate, { x, y, pitch: pitch * faint.size }, palette);
  context.globalAlpha = 1;
}

/** Draws one fact. Each fate has its own shape, so that nobody needs the colour to tell them apart. */
export function drawDot(
  context: CanvasRenderingContext2D,
  fate: Fate,
  { x, y, pitch }: { x: number; y: number; pitch: number },
  palette: Palette,
): void {
  const r = pitch * 0.36;
  context.fillStyle = palette[fate];
  context.strokeStyle = palette[fate];
  context.lineWidth = pitch / 6;
  context.beginPath();
  switch (fate) {
    case 'known':
      context.arc(x, y, r, 0, 7);
      context.fill();
      break;
    case 'forgotten':
      context.arc(x, y, r - pitch / 12, 0, 7);
      context.stroke();
      break;
    case 'learned':
      context.moveTo(x, y - r - 0.5);
      context.lineTo(x + r + 0.5, y);
      context.lineTo(x, y + r + 0.5);
      context.lineTo(x - r - 0.5, y);
      context.closePath();
      context.fill();
      break;
    case 'never':
      context.moveTo(x - r * 0.7, y - r * 0.7);
      context.lineTo(x + r * 0.7, y + r * 0.7);
      context.moveTo(x + r * 0.7, y - r * 0.7);
      context.lineTo(x - r * 0.7, y + r * 0.7);
      context.stroke();
      break;
    case 'unasked':
      context.arc(x, y, r * 0.45, 0, 7);
      context.fill();
  }
}

/** How many dots fit beside each other. */
export const columnsFor = (width: number, pitch: number) => Math.max(1, Math.floor(width / pitch));
