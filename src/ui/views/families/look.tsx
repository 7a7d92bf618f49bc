import type { FamilyId } from '../../../lab/model/site.ts';

/** How each family is drawn: colour, marker and line, so that no one of them is needed to tell them apart. */
export const look: Readonly<Record<FamilyId, { colour: string; dash: string | undefined }>> = {
  encoder: { colour: 'var(--lossy-encoder)', dash: undefined },
  'encoder-decoder': { colour: 'var(--lossy-encoder-decoder)', dash: '7 4' },
  decoder: { colour: 'var(--lossy-decoder)', dash: '2 4' },
};

interface MarkerProps {
  family: FamilyId;
  cx: number;
  cy: number;
  size?: number;
  /** Not asked to its end, or too few answers to say much. */
  isHollow?: boolean;
}

/** A family's marker: a circle, a square or a triangle. */
export function Marker({ family, cx, cy, size = 4.5, isHollow = false }: MarkerProps) {
  const { colour } = look[family];
  const style = { fill: isHollow ? 'var(--mantine-color-body)' : colour, stroke: colour, strokeWidth: 2 };
  if (family === 'encoder') return <circle cx={cx} cy={cy} r={size} {...style} />;
  if (family === 'encoder-decoder')
    return <rect x={cx - size} y={cy - size} width={size * 2} height={size * 2} {...style} />;
  const half = size * 1.15;
  return <path d={`M${cx - half} ${cy + half}L${cx + half} ${cy + half}L${cx} ${cy - half}Z`} {...style} />;
}

/** A family's line and marker beside its name. */
export function Sample({ family }: { family: FamilyId }) {
  const { colour, dash } = look[family];
  return (
    <svg width={44} height={16} viewBox="0 0 44 16" aria-hidden="true" style={{ flex: 'none' }}>
      <path d="M1 8H43" stroke={colour} strokeWidth={2} strokeDasharray={dash} />
      <Marker family={family} cx={22} cy={8} />
    </svg>
  );
}
