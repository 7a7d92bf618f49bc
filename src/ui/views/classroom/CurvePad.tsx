import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { SlideShare } from '../../../app/views/classroom/story.ts';
import { classroom as texts } from '../../texts/classroom.ts';
import classes from './classroom.module.css';

/** A level of a curve, and what is known of it. */
export interface PadPoint {
  label: string;
  share: SlideShare | null;
}

interface Props {
  height: number;
  /** How large texts and lines are, 1 as on the page. */
  scale: number;
  points: readonly PadPoint[];
  axis: string;
  label: string;
  /** Percent at each level but the first. */
  guess?: readonly (number | null)[];
  /** Where it is given, the guess can be drawn: up to this place, from the one before if the pen was not lifted. */
  onDraw?: (from: number | null, to: number, value: number) => void;
}

const steps: Readonly<Record<string, number>> = {
  ArrowUp: 5,
  ArrowRight: 5,
  ArrowDown: -5,
  ArrowLeft: -5,
  PageUp: 20,
  PageDown: -20,
};

const within = (value: number) => Math.min(100, Math.max(0, Math.round(value)));

/** A curve over the levels with its intervals, and the guess: shown, or drawn with pointer, finger or keyboard. */
export function CurvePad({ height, scale, points, axis, label, guess, onDraw }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const pen = useRef<number | null>(null);
  const font = 13 * scale;
  const [left, right, top, bottom] = [52 * scale, 26 * scale, 14 * scale, 48 * scale];
  const inner = Math.max(1, width - left - right);
  const x = (place: number) => left + (points.length < 2 ? 0 : (place / (points.length - 1)) * inner);
  const y = (percent: number) => top + (1 - percent / 100) * (height - top - bottom);
  const drawn = (guess ?? []).flatMap((value, place) => (value === null ? [] : [{ value, place: place + 1 }]));
  const known = points.flatMap(({ share }, place) => (share ? [{ share, place }] : []));
  const line = (entries: readonly { place: number; value: number }[]) =>
    entries.map(({ place, value }, index) => `${index === 0 ? 'M' : 'L'}${x(place)} ${y(value)}`).join('');
  const band = [
    ...known.map(({ share, place }) => `${x(place)},${y(share.high * 100)}`),
    ...known.toReversed().map(({ share, place }) => `${x(place)},${y(share.low * 100)}`),
  ].join(' ');
  // On a phone there is no room for all of them.
  const every = Math.ceil((points.length * 46 * scale) / inner);

  const at = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = Math.round(((event.clientX - box.left - left) / inner) * (points.length - 1));
    const percent = (1 - (event.clientY - box.top - top) / (height - top - bottom)) * 100;
    return { place: Math.min(points.length - 1, Math.max(1, place)) - 1, percent: within(percent) };
  };
  const drawHere = (event: PointerEvent<SVGSVGElement>) => {
    const { place, percent } = at(event);
    onDraw?.(pen.current, place, percent);
    pen.current = place;
  };
  const move = (place: number) => (event: KeyboardEvent) => {
    const before = guess?.[place] ?? guess?.slice(0, place).findLast((value) => value !== null) ?? 50;
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? 100 : before + (steps[event.key] ?? Number.NaN);
    if (Number.isNaN(next)) return;
    event.preventDefault();
    onDraw?.(null, place, within(next));
  };
  const drawing = onDraw && {
    className: `${classes.pad} ${classes.drawing}`,
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      pen.current = null;
      drawHere(event);
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
      if (event.buttons !== 0 && event.currentTarget.hasPointerCapture(event.pointerId)) drawHere(event);
    },
  };

  return (
    <div ref={ref} style={{ minHeight: height }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          className={classes.pad}
          {...drawing}
          role={onDraw ? 'group' : 'img'}
          aria-label={label}
        >
          {[0, 20, 40, 60, 80, 100].map((percent) => (
            <g key={percent}>
              <line
                x1={left}
                x2={width - right}
                y1={y(percent)}
                y2={y(percent)}
                stroke="var(--mantine-color-default-border)"
                strokeDasharray="2 4"
              />
              <text
                x={left - 6 * scale}
                y={y(percent) + font * 0.35}
                textAnchor="end"
                fontSize={font}
                fill="var(--mantine-color-text)"
              >
                {percent} %
              </text>
            </g>
          ))}
          {points.map((point, place) => (
            <text
              key={point.label}
              x={x(place)}
              y={height - bottom + font * 1.5}
              textAnchor="middle"
              fontSize={font}
              fill="var(--mantine-color-text)"
            >
              {place % every === 0 ? point.label : ''}
            </text>
          ))}
          <text
            x={left + inner / 2}
            y={height - 6 * scale}
            textAnchor="middle"
            fontSize={font}
            fill="var(--mantine-color-text)"
          >
            {axis}
          </text>
          {known.length > 1 && <polygon points={band} fill="var(--lossy-band)" />}
          <path
            d={line(known.map(({ share, place }) => ({ place, value: share.share * 100 })))}
            fill="none"
            stroke="var(--lossy-known)"
            strokeWidth={2.5 * scale}
          />
          {known.map(({ share, place }) => (
            <circle key={place} cx={x(place)} cy={y(share.share * 100)} r={4.5 * scale} fill="var(--lossy-known)" />
          ))}
          <path
            d={line(drawn)}
            fill="none"
            stroke="var(--lossy-learned)"
            strokeWidth={2.5 * scale}
            strokeDasharray={`${7 * scale} ${5 * scale}`}
          />
          {(guess ?? []).map((value, index) => {
            const place = index + 1;
            const side = 10 * scale;
            const height = y(value ?? 50);
            if (!onDraw && value === null) return null;
            const mark = (
              <rect
                x={x(place) - side / 2}
                y={height - side / 2}
                width={side}
                height={side}
                transform={`rotate(45 ${x(place)} ${height})`}
                fill={value === null ? 'var(--mantine-color-body)' : 'var(--lossy-learned)'}
                stroke="var(--lossy-learned)"
                strokeWidth={1.5 * scale}
              />
            );
            if (!onDraw) return <g key={points[place].label}>{mark}</g>;
            return (
              <g
                key={points[place].label}
                className={classes.handle}
                role="slider"
                tabIndex={0}
                aria-orientation="vertical"
                aria-label={texts.guessAt(points[place].label)}
                aria-valuemin={0}
                aria-valuemax={100}
                aria-valuenow={value ?? 50}
                aria-valuetext={value === null ? texts.guessNone : texts.guessValue(value)}
                onKeyDown={move(index)}
              >
                {mark}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
