import { useMemo } from 'react';
import { encode } from 'uqr';

/** Modules of empty space that readers need around a code. */
const quietZone = 4;

/**
 * A text as a QR code, black on white in dark colours, too: many readers know no other. A module of its own: it brings
 * the encoder.
 *
 * @param size width and height in CSS pixels; it shrinks where there is less room
 */
export default function QrCode({ text, label, size }: { text: string; label: string; size: number }) {
  const { modules, path } = useMemo(() => draw(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${modules} ${modules}`}
      width={size}
      height={size}
      shapeRendering="crispEdges"
      style={{ display: 'block', maxWidth: '100%', height: 'auto', margin: '0 auto' }}
    >
      <rect width={modules} height={modules} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The dark modules as one path, a rectangle for each run of them in a row. */
function draw(text: string): { modules: number; path: string } {
  const { size, data } = encode(text, { ecc: 'L', border: quietZone });
  const runs = data.flatMap((row, y) => {
    const found: string[] = [];
    for (let x = 0; x < size; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) found.push(`M${start} ${y}h${x - start}v1h${start - x}z`);
    }
    return found;
  });
  return { modules: size, path: runs.join('') };
}
