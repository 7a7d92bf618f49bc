import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Screen } from '../../../app/views/classroom/classroom-choice.ts';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import { accuracyOf, firstOutcomes, halfway, twinsOf, unharmed } from '../../../app/views/classroom/story.ts';
import { Bars } from '../../parts/charts/Bars.tsx';
import { bytes, count, percent, range } from '../../parts/format.ts';
import { classroom as texts } from '../../texts/classroom.ts';
import { CurvePad } from './CurvePad.tsx';
import { LessonFigure, sampleWords } from './LessonFigure.tsx';
import { Conclusion, Missing, type ScreenProps } from './parts.tsx';
import { RareFacts } from './RareFacts.tsx';
import { Waffle } from './Waffle.tsx';

/** So many facts are drawn one by one. */
const mostMarks = 192;

const title = (screen: Screen) => texts.screens[screen].title;

/** The figure of each part of the story, drawn from what was computed. */
export const figures: Readonly<Record<Exclude<Screen, 'guess'>, (props: ScreenProps) => ReactNode>> = {
  know: Know,
  prune: Prune,
  small: Small,
  rare: RareFacts,
  bits: Bits,
  same: Same,
};

function Know({ height }: ScreenProps) {
  const lesson = useClassroom((state) => state.lesson);
  const share = accuracyOf(lesson.baseline);
  if (!share) return <Missing height={height} />;
  const known = firstOutcomes(lesson, mostMarks);
  const cited = [lesson.prune[0]];
  const hits = known.filter(Boolean).length;
  return (
    <>
      <LessonFigure
        screen="know"
        points={cited}
        rows={() => known.map((isKnown, index) => ({ fact: index + 1, known: isKnown }))}
      >
        <Waffle known={known} label={texts.know.label(count(hits), count(known.length))} />
      </LessonFigure>
      <Group gap="md" mt="xs">
        <Text size="sm" c="var(--lossy-known)" fw={600}>
          ● {texts.know.known}
        </Text>
        <Text size="sm" c="var(--lossy-forgotten)" fw={600}>
          × {texts.know.unknown}
        </Text>
      </Group>
      <Conclusion>{texts.know.said(percent(share.share), count(share.hits), count(share.n), range(share))}</Conclusion>
    </>
  );
}

function Prune({ height, scale }: ScreenProps) {
  const { baseline, prune } = useClassroom((state) => state.lesson);
  const known = prune.filter(({ result }) => result !== null);
  const half = prune[halfway]?.result;
  if (!baseline || !half) return <Missing height={height} />;
  return (
    <>
      <LessonFigure
        screen="prune"
        points={known}
        rows={() =>
          known.map(({ label, result }) => ({ level: label, bytes: result!.bytes, sparsity: result!.sparsity }))
        }
      >
        <Bars
          scale={scale}
          height={height}
          label={texts.fileSize}
          bars={known.map(({ label, result }) => ({
            label,
            share: result!.bytes / baseline.bytes,
            value: bytes(result!.bytes),
          }))}
        />
      </LessonFigure>
      <Conclusion>{texts.prune.said(bytes(baseline.bytes), prune[halfway].label, bytes(half.bytes))}</Conclusion>
      <Text size="sm" c="dimmed">
        {texts.prune.note}
      </Text>
    </>
  );
}

function Small({ height, scale }: ScreenProps) {
  const lesson = useClassroom((state) => state.lesson);
  const { baseline, prune } = lesson;
  if (!baseline || !prune.some(({ level, result }) => level > 0 && result)) return <Missing height={height} />;
  const last = unharmed(lesson);
  return (
    <>
      <Curve which="small" height={height} scale={scale} />
      <Conclusion>{last ? texts.small.said(last.label) : texts.small.none}</Conclusion>
      <Text size="sm">{sampleWords(prune)}</Text>
    </>
  );
}

function Curve({ which, height, scale }: ScreenProps & { which: 'small' | 'bits' }) {
  const points = useClassroom(({ lesson }) => (which === 'small' ? lesson.prune : lesson.bits));
  const rows = points.map(({ label, result }) => ({ label, share: accuracyOf(result) }));
  return (
    <LessonFigure
      screen={which}
      points={points}
      rows={() =>
        rows.flatMap(({ label, share }) =>
          share ? [{ level: label, right: share.share, low: share.low, high: share.high, n: share.n }] : [],
        )
      }
    >
      <CurvePad
        height={height}
        scale={scale}
        points={rows}
        axis={which === 'small' ? texts.removed : texts.bitsAxis}
        label={rows.flatMap(({ label, share }) => (share ? [`${label}: ${percent(share.share)}`] : [])).join('; ')}
      />
    </LessonFigure>
  );
}

function Bits({ height, scale }: ScreenProps) {
  const { bits } = useClassroom((state) => state.lesson);
  const known = bits.filter(({ level, result }) => level > 0 && result);
  if (known.length === 0) return <Missing height={height} />;
  return (
    <>
      <Curve which="bits" height={height} scale={scale} />
      <Conclusion>
        {[known[0], known[known.length - 1]]
          .map(({ label, result }) => {
            const share = accuracyOf(result)!;
            return texts.bits.said(label, percent(share.share), count(share.n));
          })
          .join(' ')}
      </Conclusion>
    </>
  );
}

function Same({ height, scale }: ScreenProps) {
  const lesson = useClassroom((state) => state.lesson);
  const twins = twinsOf(lesson);
  if (!twins) {
    const isThere = [...lesson.prune, ...lesson.bits].every(({ result }) => result);
    return <Missing height={height} because={isThere ? texts.same.none : undefined} />;
  }
  const { pruned, rounded, n, both, prunedAlone, roundedAlone, neither, difference } = twins;
  const cited = [pruned, rounded];
  const bars = [
    { label: texts.same.both, value: both, colour: 'var(--lossy-known)' },
    { label: texts.same.prunedAlone, value: prunedAlone, colour: 'var(--lossy-forgotten)' },
    { label: texts.same.roundedAlone, value: roundedAlone, colour: 'var(--lossy-learned)' },
    { label: texts.same.neither, value: neither, colour: 'var(--lossy-never)' },
  ];
  // Of the facts that both were asked: one of them may have been asked more.
  const [one, other] = [prunedAlone, roundedAlone].map((alone) => percent((both + alone) / n));
  const isEqual = difference.low <= 0 && difference.high >= 0;
  return (
    <>
      <LessonFigure
        screen="same"
        points={cited}
        rows={() => bars.map(({ label, value }) => ({ facts: label, count: value, n }))}
      >
        <Bars
          scale={scale}
          height={height}
          label={title('same')}
          bars={bars.map(({ label, value, colour }) => ({
            label,
            share: value / n,
            colour,
            value: texts.same.part(count(value), count(n)),
          }))}
        />
      </LessonFigure>
      <Conclusion>
        {texts.same.said(pruned.label, rounded.label, one, other)}{' '}
        {isEqual ? texts.same.equal(range(difference)) : texts.same.unequal(range(difference))}{' '}
        {texts.same.differ(count(prunedAlone + roundedAlone), count(n))}
      </Conclusion>
    </>
  );
}
