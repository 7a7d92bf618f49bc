import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Screen } from '../../../app/views/classroom/classroom-choice.ts';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import {
  accuracyOf,
  firstOutcomes,
  groupDifference,
  halfway,
  type KeptGroup,
  keptByFrequency,
  missingForGroups,
  twinsOf,
  unharmed,
} from '../../../app/views/classroom/story.ts';
import { askForGroups } from '../../../app/views/classroom/view.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { bytes, count, duration, percent, range } from '../../parts/format.ts';
import { classroom as texts } from '../../texts/classroom.ts';
import { Bars } from './Bars.tsx';
import { CurvePad } from './CurvePad.tsx';
import { citedOf, commandsOf } from './cite.ts';
import { Waffle } from './Waffle.tsx';

interface Props {
  height: number;
  scale: number;
}

/** So many facts are drawn one by one. */
const mostMarks = 192;

const title = (screen: Screen) => texts.screens[screen].title;

/** The figure of each part of the story, drawn from what was computed. */
export const figures: Readonly<Record<Exclude<Screen, 'guess'>, (props: Props) => ReactNode>> = {
  know: Know,
  prune: Prune,
  small: Small,
  rare: Rare,
  bits: Bits,
  same: Same,
};

/** In the place of a figure whose numbers are not there: as high as it, so that nothing jumps. */
function Missing({ height, because }: { height: number; because?: string }) {
  const isLink = useClassroom(({ link }) => link !== null);
  return (
    <Stack gap="xs">
      <Text role="status">{because ?? (isLink ? texts.notHere : texts.notYet)}</Text>
      <Skeleton height={height} animate={false} aria-hidden />
    </Stack>
  );
}

function Conclusion({ children }: { children: ReactNode }) {
  return (
    <Text mt="sm" fw={600}>
      {children}
    </Text>
  );
}

function Know({ height }: Props) {
  const lesson = useClassroom((state) => state.lesson);
  const share = accuracyOf(lesson.baseline);
  if (!share) return <Missing height={height} />;
  const known = firstOutcomes(lesson, mostMarks);
  const cited = [lesson.prune[0]];
  const hits = known.filter(Boolean).length;
  return (
    <>
      <Figure
        cited={() => citedOf(title('know'), cited)}
        rows={() => known.map((isKnown, index) => ({ fact: index + 1, known: isKnown }))}
        commands={() => commandsOf(cited)}
      >
        <Waffle known={known} label={texts.know.label(count(hits), count(known.length))} />
      </Figure>
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

function Prune({ height, scale }: Props) {
  const { baseline, prune } = useClassroom((state) => state.lesson);
  const known = prune.filter(({ result }) => result !== null);
  const half = prune[halfway]?.result;
  if (!baseline || !half) return <Missing height={height} />;
  return (
    <>
      <Figure
        cited={() => citedOf(title('prune'), known)}
        rows={() =>
          known.map(({ label, result }) => ({ level: label, bytes: result!.bytes, sparsity: result!.sparsity }))
        }
        commands={() => commandsOf(known)}
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
      </Figure>
      <Conclusion>{texts.prune.said(bytes(baseline.bytes), prune[halfway].label, bytes(half.bytes))}</Conclusion>
      <Text size="sm" c="dimmed">
        {texts.prune.note}
      </Text>
    </>
  );
}

function Small({ height, scale }: Props) {
  const lesson = useClassroom((state) => state.lesson);
  const { baseline, prune } = lesson;
  if (!baseline || !prune.some(({ level, result }) => level > 0 && result)) return <Missing height={height} />;
  const last = unharmed(lesson);
  return (
    <>
      <Curve which="small" height={height} scale={scale} />
      <Conclusion>{last ? texts.small.said(last.label) : texts.small.none}</Conclusion>
      <Text size="sm">{citedOf('', prune).n}</Text>
    </>
  );
}

function Curve({ which, height, scale }: Props & { which: 'small' | 'bits' }) {
  const points = useClassroom(({ lesson }) => (which === 'small' ? lesson.prune : lesson.bits));
  const rows = points.map(({ label, result }) => ({ label, share: accuracyOf(result) }));
  return (
    <Figure
      cited={() => citedOf(title(which), points)}
      rows={() =>
        rows.flatMap(({ label, share }) =>
          share ? [{ level: label, right: share.share, low: share.low, high: share.high, n: share.n }] : [],
        )
      }
      commands={() => commandsOf(points)}
    >
      <CurvePad
        height={height}
        scale={scale}
        points={rows}
        axis={which === 'small' ? texts.removed : texts.bitsAxis}
        label={rows.flatMap(({ label, share }) => (share ? [`${label}: ${percent(share.share)}`] : [])).join('; ')}
      />
    </Figure>
  );
}

function Rare({ height, scale }: Props) {
  const lesson = useClassroom((state) => state.lesson);
  const groups = keptByFrequency(lesson, halfway);
  const cited = [lesson.prune[0], lesson.prune[halfway]].filter((point) => point !== undefined);
  if (groups.length === 0)
    return <Missing height={height} because={lesson.prune[halfway]?.result ? texts.rare.none : undefined} />;
  return (
    <>
      <Figure
        cited={() => citedOf(title('rare'), cited)}
        rows={() => groups.map(({ times, share, low, high, n }) => ({ times, kept: share, low, high, n }))}
        commands={() => commandsOf(cited)}
      >
        <Bars
          scale={scale}
          height={height}
          label={title('rare')}
          bars={groups.map((group) => ({
            label: texts.rare.times(count(group.times)),
            share: group.share,
            interval: group,
            value: `${percent(group.share, 0)}, n = ${count(group.n)}`,
          }))}
        />
      </Figure>
      <Conclusion>
        {texts.rare.said(lesson.prune[halfway].label)} {endsOf(groups)}
      </Conclusion>
      <MoreFacts />
    </>
  );
}

/** What the rarest and the most frequent facts have in common or not, with the interval that the sample leaves. */
function endsOf(groups: readonly KeptGroup[]): string {
  const found = groupDifference(groups);
  if (!found) return texts.rare.oneGroup;
  const [rare, often] = [groups[0], groups[groups.length - 1]];
  const points = (share: number) => (share * 100).toFixed(0);
  const shares = texts.rare.ends(percent(rare.share, 0), percent(often.share, 0));
  const difference = texts.rare.points(points(found.difference), points(found.low), points(found.high));
  const isClear = found.low > 0 ? texts.rare.rareFirst : found.high < 0 ? texts.rare.oftenFirst : texts.rare.unclear;
  return [shares, difference, isClear].join(' ');
}

/** More facts for this part: that they are being asked, or the offer where it takes long. Its place is kept. */
function MoreFacts() {
  const lesson = useClassroom((state) => state.lesson);
  const isLink = useClassroom(({ link }) => link !== null);
  const isBusy = useClassroom(({ work }) => work.status === 'running');
  const { facts, seconds } = missingForGroups(lesson);
  const time = seconds === null ? null : duration(Math.max(1, seconds));
  return (
    <Group mih="2.25rem" mt="xs">
      {facts > 0 && !isLink && isBusy && (
        <Text size="sm" role="status">
          {texts.rare.asking(count(facts), time)}
        </Text>
      )}
      {facts > 0 && !isLink && !isBusy && (
        <Button size="xs" variant="light" onClick={() => void askForGroups()}>
          {texts.rare.more(count(facts), time)}
        </Button>
      )}
    </Group>
  );
}

function Bits({ height, scale }: Props) {
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

function Same({ height, scale }: Props) {
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
      <Figure
        cited={() => citedOf(title('same'), cited)}
        rows={() => bars.map(({ label, value }) => ({ facts: label, count: value, n }))}
        commands={() => commandsOf(cited)}
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
      </Figure>
      <Conclusion>
        {texts.same.said(pruned.label, rounded.label, one, other)}{' '}
        {isEqual ? texts.same.equal(range(difference)) : texts.same.unequal(range(difference))}{' '}
        {texts.same.differ(count(prunedAlone + roundedAlone), count(n))}
      </Conclusion>
    </>
  );
}
