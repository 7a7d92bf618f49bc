import { Button, Group, Stack, Text } from '@mantine/core';
import { draw, isDrawn, setShown } from '../../../app/views/classroom/classroom.ts';
import { guessed } from '../../../app/views/classroom/classroom-choice.ts';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import { distanceOf } from '../../../app/views/classroom/guess.ts';
import { accuracyOf, type SlideShare } from '../../../app/views/classroom/story.ts';
import { Disclosure } from '../../parts/Disclosure.tsx';
import { count, percent, range } from '../../parts/format.ts';
import { type Column, columnsOf, csvOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { classroom as texts } from '../../texts/classroom.ts';
import { CurvePad } from './CurvePad.tsx';
import { LessonFigure } from './LessonFigure.tsx';

interface Props {
  height: number;
  scale: number;
}

/** The learner draws what they expect; then what happened lies over it. */
export function Guess({ height, scale }: Props) {
  const choice = useClassroom((state) => state.choice);
  const { baseline, prune } = useClassroom((state) => state.lesson);
  const { guess, isShown, isPresenting } = choice;
  const start = accuracyOf(baseline);
  // Until then the uncompressed model alone: it is where the curve begins.
  const points = prune.map(({ label, level, result }) => ({
    label,
    share: isShown || level === 0 ? accuracyOf(result) : null,
  }));
  const rows = points.slice(1).map(({ label, share }, index) => ({ label, share, guess: guess[index] }));
  return (
    <Stack gap="sm">
      <LessonFigure screen="guess" points={prune} rows={() => csvOf(columns, rows)}>
        <CurvePad
          height={height}
          scale={scale}
          points={points.length > 0 ? points : Array.from({ length: guessed + 1 }, () => ({ label: '', share: null }))}
          axis={texts.removed}
          label={texts.drawArea}
          guess={guess}
          onDraw={isShown ? undefined : draw}
        />
      </LessonFigure>
      <Group justify="space-between" gap="sm">
        <Text size="sm" mih={44} style={{ flex: 1, minWidth: 220 }}>
          <Text span inherit c="var(--lossy-learned)" fw={600}>
            ◆ - - {texts.legendGuess}
          </Text>
          {'   '}
          {isShown && (
            <Text span inherit c="var(--lossy-known)" fw={600}>
              ● — {texts.legendReal}
            </Text>
          )}
          {!isShown && texts.howToDraw} {!isShown && start && texts.startsAt(percent(start.share))}
        </Text>
        <Button disabled={!isShown && !isDrawn(choice)} onClick={() => setShown(!isShown)}>
          {isShown ? texts.again : texts.show}
        </Button>
      </Group>
      <div role="status" style={{ minHeight: 48 }}>
        {isShown && <Verdict />}
      </div>
      {isShown && !isPresenting && (
        <Disclosure title={texts.table}>
          <DataTable label={texts.screens.guess.title} rows={rows} columns={columns} keyOf={({ label }) => label} />
        </Disclosure>
      )}
    </Stack>
  );
}

interface Row {
  label: string;
  share: SlideShare | null;
  /** In percent. */
  guess: number | null;
}

const columns: readonly Column<Row>[] = columnsOf(texts.columns, {
  level: {
    header: texts.removed,
    isRowHeader: true,
    cell: ({ label }) => label,
    csv: ({ label }) => ({ level: label }),
  },
  guess: { cell: ({ guess }) => (guess === null ? '–' : `${guess} %`), csv: ({ guess }) => ({ guess }) },
  real: {
    cell: ({ share }) => (share ? percent(share.share) : '–'),
    csv: ({ share }) => ({ right: share?.share ?? null }),
  },
  interval: {
    cell: ({ share }) => (share ? range(share) : '–'),
    csv: ({ share }) => ({ low: share?.low ?? null, high: share?.high ?? null }),
  },
  n: { cell: ({ share }) => (share ? count(share.n) : '–'), csv: ({ share }) => ({ n: share?.n ?? null }) },
});

/** How far off the guess was, in words. */
function Verdict() {
  const { guess } = useClassroom((state) => state.choice);
  const { prune } = useClassroom((state) => state.lesson);
  const real = prune.slice(1).map(({ result }) => accuracyOf(result));
  const distance = distanceOf(
    guess,
    real.map((share) => share && share.share * 100),
  );
  if (!distance) return <Text>{texts.noDistance}</Text>;
  const { worst, mean, levels } = distance;
  const isExact = Math.abs(worst.guess - worst.real) < 1;
  return (
    <Text>
      <b>{texts.distance(mean.toFixed(1), levels)}</b>{' '}
      {isExact
        ? texts.exact
        : texts.worst(prune[worst.level + 1].label, worst.guess, percent(real[worst.level]?.share ?? 0))}
    </Text>
  );
}
