import { familyWords } from '../../../app/recipe/words.ts';
import type { FamilyId } from '../../../lab/model/site.ts';

/** Colour, line and marker, so that no one of them is needed to tell families apart. */
interface Look {
  colour: string;
  dash: string | undefined;
  marker: 'circle' | 'square' | 'triangle' | 'diamond';
}

/** In the order of the families' registry; the last one is for those that follow. */
const looks: readonly Look[] = [
  { colour: 'var(--lossy-encoder)', dash: undefined, marker: 'circle' },
  { colour: 'var(--lossy-encoder-decoder)', dash: '7 4', marker: 'square' },
  { colour: 'var(--lossy-decoder)', dash: '2 4', marker: 'triangle' },
  { colour: 'var(--lossy-other-family)', dash: '10 3 2 3', marker: 'diamond' },
];

/** How each family is drawn. */
export const look = Object.fromEntries(
  familyWords.map(({ id }, place) => [id, looks[place] ?? looks[looks.length - 1]]),
) as Readonly<Record<FamilyId, Look>>;

interface MarkerProps {
  family: FamilyId;
  cx: number;
  cy: number;
  size?: number;
  /** Not asked to its end, or too few answers to say much. */
  isHollow?: boolean;
}

/** A family's marker. */
export function Marker({ family, cx, cy, size = 4.5, isHollow = false }: MarkerProps) {
  const { colour, marker } = look[family];
  const style = { fill: isHollow ? 'var(--mantine-color-body)' : colour, stroke: colour, strokeWidth: 2 };
  if (marker === 'circle') return <circle cx={cx} cy={cy} r={size} {...style} />;
  if (marker === 'square') return <rect x={cx - size} y={cy - size} width={size * 2} height={size * 2} {...style} />;
  const half = size * 1.15;
  if (marker === 'triangle')
    return <path d={`M${cx - half} ${cy + half}L${cx + half} ${cy + half}L${cx} ${cy - half}Z`} {...style} />;
  return <path d={`M${cx - half} ${cy}L${cx} ${cy - half}L${cx + half} ${cy}L${cx} ${cy + half}Z`} {...style} />;
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
