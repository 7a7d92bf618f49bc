import { clamp, useElementSize } from '@mantine/hooks';

export interface Bar {
  label: string;
  /** From 0 to 1 of the whole width, and its interval where it is an estimate. */
  share: number;
  interval?: { low: number; high: number };
  /** What stands at its end. */
  value: string;
  colour?: string;
}

interface Props {
  bars: readonly Bar[];
  /** How large texts are, 1 as on the page. */
  scale?: number;
  /** About how high all are together, in CSS pixels: each bar has a least and a most. */
  height: number;
  /** What the chart says, for whoever does not see it. */
  label: string;
}

/** Bars below each other, each with its name before it and its number after it. */
export function Bars({ bars, scale = 1, height, label }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const font = 14 * scale;
  const row = clamp(height / bars.length, 24 * scale, 52 * scale);
  const isNarrow = width < 520 * scale;
  const name = isNarrow ? 0 : Math.min(width * 0.3, 210 * scale);
  const end = 150 * scale;
  const room = Math.max(40, width - name - end);
  const step = isNarrow ? row + font * 1.3 : row;
  return (
    <div ref={ref} style={{ minHeight: bars.length * step }}>
      {width > 0 && (
        <svg width={width} height={bars.length * step} style={{ display: 'block' }} role="img" aria-label={label}>
          {bars.map(({ label: title, share, interval, value, colour = 'var(--lossy-known)' }, index) => {
            const top = index * step + (isNarrow ? font * 1.3 : 0);
            const middle = top + row / 2;
            return (
              <g key={title}>
                <text
                  x={isNarrow ? 0 : name - 10 * scale}
                  y={isNarrow ? top - 2 : middle + font * 0.35}
                  textAnchor={isNarrow ? 'start' : 'end'}
                  fontSize={font}
                  fill="var(--mantine-color-text)"
                >
                  {title}
                </text>
                <rect x={name} y={top + row * 0.2} width={Math.max(1, share * room)} height={row * 0.6} fill={colour} />
                {/* With an outline, so that it is seen on the bar, too. */}
                {interval &&
                  (
                    [
                      ['body', 6],
                      ['text', 2],
                    ] as const
                  ).map(([tone, width]) => (
                    <line
                      key={tone}
                      x1={name + interval.low * room}
                      x2={name + interval.high * room}
                      y1={middle}
                      y2={middle}
                      stroke={`var(--mantine-color-${tone})`}
                      strokeWidth={width * scale}
                    />
                  ))}
                <text
                  x={name + Math.max(share, interval?.high ?? 0) * room + 8 * scale}
                  y={middle + font * 0.35}
                  fontSize={font}
                  fill="var(--mantine-color-text)"
                >
                  {value}
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
