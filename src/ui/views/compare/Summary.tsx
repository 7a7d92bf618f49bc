import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { sampleSizes } from '../../../app/link/sample-sizes.ts';
import { setAmount, start } from '../../../app/views/compare/compare.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { alpha, type Compared, verdictOf } from '../../../app/views/compare/compared.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { count } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { RecipeTable } from './RecipeTable.tsx';
import { useBeside, useCompared } from './useCompared.ts';
import { pEquation, pointWords } from './words.ts';

/** What they still know, what parts them, and whether that could be chance. */
export function Summary() {
  const compared = useCompared();
  const beside = useBeside();
  const recipes = useCompare((state) => state.choice.recipes.length);
  const said = (
    <Text size="lg" className={classes.sentence}>
      {compared ? sentence(beside, compared) : texts.empty}
    </Text>
  );
  return (
    <Panel title={texts.summary(recipes)} aside={<Amount />}>
      <Stack gap="sm">
        {recipes === 2 && said}
        <RecipeTable />
        {recipes > 2 && (
          <>
            <Title order={3} size="h5">
              {texts.beside(beside)}
            </Title>
            {said}
          </>
        )}
        <dl className={classes.numbers}>
          <Numbers beside={beside} compared={compared} />
        </dl>
      </Stack>
    </Panel>
  );
}

function sentence(B: string, { counts, test, n }: Compared): string {
  const { lost, gained } = counts;
  const words = { B, flips: count(lost + gained), n: count(n), lost: count(lost), gained: count(gained) };
  return texts.sentence(verdictOf({ counts, test }), words);
}

/** How many facts are asked, and a button where there are fewer yet. */
function Amount() {
  const amount = useCompare((state) => state.choice.amount);
  const isBusy = useCompare((state) => state.run.status === 'running');
  const compared = useCompared();
  const wanted = compared && (amount === 0 ? compared.of : Math.min(amount, compared.of));
  return (
    <Group gap="xs">
      {compared && wanted !== null && compared.n < wanted && !isBusy && (
        <>
          <Hint>{texts.lessThanWanted(count(compared.n), count(wanted))}</Hint>
          <Button size="compact-sm" variant="light" onClick={() => void start()}>
            {texts.more}
          </Button>
        </>
      )}
      <Segments
        label={texts.amount}
        labelled="beside"
        values={sampleSizes}
        words={texts.amounts}
        value={amount}
        onChange={setAmount}
      />
    </Group>
  );
}

function Numbers({ beside, compared }: { beside: string; compared: Compared | null }) {
  if (!compared)
    return (
      <>
        <Fact label={texts.difference(beside)} value="…" note={texts.pairedNote} />
        <Fact label={texts.flips} value="…" note={texts.noSample} />
        <Fact label={texts.test} value="…" note={texts.testTerm} />
        <Fact label={texts.otherWrong} value="…" />
        <Fact label={texts.divergence} value="…" note={texts.divergenceNote(beside)} />
      </>
    );
  const { difference, counts, test, divergence } = compared;
  const { lost, gained, neither, otherWrong } = counts;
  return (
    <>
      <Fact
        label={texts.difference(beside)}
        value={texts.points(pointWords(difference.difference), pointWords(difference.low), pointWords(difference.high))}
        note={texts.pairedNote}
      />
      <Fact
        label={<Term id="flip">{texts.flips}</Term>}
        value={count(lost + gained)}
        note={texts.flipsOf(beside, count(lost), count(gained))}
      />
      <Fact
        label={
          <>
            {texts.test}{' '}
            <Term id="mcnemar" isBracketed>
              {texts.testTerm}
            </Term>
          </>
        }
        value={texts.p(pEquation(test.exact), pEquation(test.mid))}
        note={test.exact < alpha ? texts.testNo : texts.testYes}
      />
      <Fact label={texts.otherWrong} value={texts.otherWrongOf(count(otherWrong), count(neither))} />
      <Fact
        label={
          <>
            {texts.divergence}{' '}
            <Term id="kl" isBracketed>
              {texts.divergenceTerm}
            </Term>
          </>
        }
        value={
          divergence
            ? texts.divergenceOf(
                divergence.mean.toFixed(3),
                divergence.low.toFixed(3),
                divergence.high.toFixed(3),
                count(divergence.n),
              )
            : '–'
        }
        note={divergence ? texts.divergenceNote(beside) : texts.noDivergence}
      />
    </>
  );
}

function Fact({ label, value, note }: { label: ReactNode; value: string; note?: string }) {
  return (
    <div className={classes.number}>
      <dt>{label}</dt>
      <dd className="lossy-numbers">{value}</dd>
      {note && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}
