import { Button, Group, Text } from '@mantine/core';
import { askForGroups } from '../../../app/views/classroom/classroom.ts';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import {
  groupDifference,
  halfway,
  type KeptGroup,
  keptByFrequency,
  missingForGroups,
} from '../../../app/views/classroom/story.ts';
import { Bars } from '../../parts/charts/Bars.tsx';
import { count, duration, percent } from '../../parts/format.ts';
import { classroom as texts } from '../../texts/classroom.ts';
import { LessonFigure } from './LessonFigure.tsx';
import { Conclusion, Missing, type ScreenProps } from './parts.tsx';

/** What is kept by how often the training stated it. */
export function RareFacts({ height, scale }: ScreenProps) {
  const lesson = useClassroom((state) => state.lesson);
  const groups = keptByFrequency(lesson, halfway);
  const cited = [lesson.prune[0], lesson.prune[halfway]].filter((point) => point !== undefined);
  if (groups.length === 0)
    return <Missing height={height} because={lesson.prune[halfway]?.result ? texts.rare.none : undefined} />;
  return (
    <>
      <LessonFigure
        screen="rare"
        points={cited}
        rows={() => groups.map(({ times, share, low, high, n }) => ({ times, kept: share, low, high, n }))}
      >
        <Bars
          scale={scale}
          height={height}
          label={texts.screens.rare.title}
          bars={groups.map((group) => ({
            label: texts.rare.times(count(group.times)),
            share: group.share,
            interval: group,
            value: `${percent(group.share, 0)}, n = ${count(group.n)}`,
          }))}
        />
      </LessonFigure>
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
  const isBusy = useClassroom(({ run }) => run.status === 'running');
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
