import { Group, Progress, Stack, Text } from '@mantine/core';
import { keptOf, type LevelResult } from '../../../../app/projection/level-result.ts';
import { percent } from '../../../parts/format.ts';
import { Hint } from '../../../parts/Hint.tsx';
import { facts as texts } from '../../../texts/facts.ts';
import { useWords } from './useWords.ts';

interface Props {
  title: string;
  result: LevelResult | null;
  /** Where the probe stands in the order of asking. */
  place: number;
  gold: readonly string[];
}

/** The five likeliest words with their probabilities. */
export function Answers({ title, result, place, gold }: Props) {
  const kept = keptOf(result, place);
  const words = useWords(kept?.top.map(({ id }) => id) ?? []);
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {kept ? (
        <Stack gap={6}>
          {kept.top.map(({ id, logProb }, index) => {
            const share = Math.exp(logProb);
            const isRight = gold.includes(words[index]);
            return (
              <div key={id}>
                <Group justify="space-between" gap="xs">
                  <Text size="sm" fw={isRight ? 700 : 400}>
                    {words[index] || '…'} {isRight ? '✓' : ''}
                  </Text>
                  <Text size="sm" className="lossy-numbers">
                    {percent(share)}
                  </Text>
                </Group>
                <Progress value={share * 100} size="sm" color={isRight ? 'teal' : 'gray'} aria-hidden="true" />
              </div>
            );
          })}
          <Hint>{texts.bestRight(kept.rank, percent(Math.exp(kept.goldLogProb)))}</Hint>
        </Stack>
      ) : (
        <NoAnswers result={result} />
      )}
    </div>
  );
}

/** Why there is nothing to show. */
export function NoAnswers({ result }: { result: LevelResult | null }) {
  return (
    <Text size="sm" c="dimmed">
      {result?.source === 'link' ? texts.fromLink : texts.notAsked}
    </Text>
  );
}
