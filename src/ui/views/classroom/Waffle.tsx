import classes from './classroom.module.css';

const columns = 32;
const cell = 20;

/** One mark for each fact: a full disc where it is known, a cross where it is not. */
export function Waffle({ known, label }: { known: readonly boolean[]; label: string }) {
  const rows = Math.ceil(known.length / columns);
  return (
    <svg viewBox={`0 0 ${columns * cell} ${rows * cell}`} className={classes.waffle} role="img" aria-label={label}>
      {known.map((isKnown, index) => {
        const x = (index % columns) * cell + cell / 2;
        const y = Math.floor(index / columns) * cell + cell / 2;
        return isKnown ? (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={7} fill="var(--lossy-known)" />
        ) : (
          <path
            key={`${x} ${y}`}
            d={`M${x - 5} ${y - 5}l10 10m0 -10l-10 10`}
            stroke="var(--lossy-forgotten)"
            strokeWidth={2.5}
          />
        );
      })}
    </svg>
  );
}
