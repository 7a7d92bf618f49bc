import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { amounts } from '../../app/amounts.ts';
import { describeRecipe } from '../../app/catalogue.ts';
import { recipeOf, sides } from '../../app/compare/choice.ts';
import { setAmount, start } from '../../app/compare/compare.ts';
import { alpha, type Compared, verdictOf } from '../../app/compare/compared.ts';
import { useCompare } from '../../app/compare/store.ts';
import { bytes, count, percent, range } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { Term } from '../parts/Term.tsx';
import table from '../parts/table.module.css';
import { compare as texts } from '../texts/compare.ts';
import classes from './compare.module.css';
import { useCompared } from './useCompared.ts';

/** What both still know, what parts them, and whether that could be chance. */
export function Summary() {
  const compared = useCompared();
  return (
    <Panel title={texts.summary} aside={<Amount />}>
      <Stack gap="sm">
        <Text size="lg" className={classes.sentence}>
          {compared ? sentence(compared) : texts.empty}
        </Text>
        <Sides compared={compared} />
        <dl className={classes.numbers}>
          <Numbers compared={compared} />
        </dl>
      </Stack>
    </Panel>
  );
}

function sentence({ counts, test, n }: Compared): string {
  const { lost, gained } = counts;
  const words = { flips: count(lost + gained), n: count(n), lost: count(lost), gained: count(gained) };
  return texts.sentence(verdictOf({ counts, test }), words);
}

/** How many facts are asked, and a button where there are fewer yet. */
function Amount() {
  const id = useId();
  const amount = useCompare((state) => state.choice.amount);
  const isBusy = useCompare((state) => state.work.status === 'running');
  const compared = useCompared();
  const wanted = compared && (amount === 0 ? compared.of : Math.min(amount, compared.of));
  return (
    <Group gap="xs">
      {compared && wanted !== null && compared.n < wanted && !isBusy && (
        <>
          <Text size="xs" c="dimmed">
            {texts.lessThanWanted(count(compared.n), count(wanted))}
          </Text>
          <Button size="compact-sm" variant="light" onClick={() => void start()}>
            {texts.more}
          </Button>
        </>
      )}
      <Text size="sm" id={id}>
        {texts.amount}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        value={String(amount)}
        onChange={(value) => setAmount(amounts.find((known) => String(known) === value)!)}
        data={amounts.map((value) => ({ value: String(value), label: texts.amounts(value) }))}
      />
    </Group>
  );
}

/** Each recipe with its accuracy and size. */
function Sides({ compared }: { compared: Compared | null }) {
  const choice = useCompare((state) => state.choice);
  const results = { a: useCompare((state) => state.a), b: useCompare((state) => state.b) };
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{texts.recipe('a').replace(/ .*/, '')}</th>
            <th scope="col">{texts.accuracy}</th>
            <th scope="col">{texts.size}</th>
          </tr>
        </thead>
        <tbody>
          {sides.map((side) => {
            const share = compared?.[side];
            return (
              <tr key={side}>
                <th scope="row">
                  <b>{texts.side(side)}</b> {describeRecipe(recipeOf(choice[side]))}
                </th>
                <td>
                  {share ? (
                    <>
                      <b>{percent(share.share)}</b>{' '}
                      <span className={classes.interval}>{texts.interval(range(share), count(compared.n))}</span>
                    </>
                  ) : (
                    '…'
                  )}
                </td>
                <td title={texts.sizeNote}>{results[side] ? bytes(results[side].bytes) : '…'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt={4}>
        {texts.sizeNote}
      </Text>
    </div>
  );
}

const points = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`;

/** 0.00004 → "< 0.0001". */
export const pWords = (p: number) => (p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.01 ? 4 : 3));
const pEqual = (p: number) => (p < 0.0001 ? pWords(p) : `= ${pWords(p)}`);

function Numbers({ compared }: { compared: Compared | null }) {
  if (!compared)
    return (
      <>
        <Fact label={texts.difference} value="…" note={texts.pairedNote} />
        <Fact label={texts.flips} value="…" note={texts.noSample} />
        <Fact label={texts.test} value="…" note={texts.testTerm} />
        <Fact label={texts.otherWrong} value="…" />
        <Fact label={texts.divergence} value="…" note={texts.divergenceNote} />
      </>
    );
  const { difference, counts, test, divergence } = compared;
  const { lost, gained, neither, otherWrong } = counts;
  return (
    <>
      <Fact
        label={texts.difference}
        value={texts.points(points(difference.difference), points(difference.low), points(difference.high))}
        note={texts.pairedNote}
      />
      <Fact
        label={<Term id="flip">{texts.flips}</Term>}
        value={count(lost + gained)}
        note={texts.flipsOf(count(lost), count(gained))}
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
        value={texts.p(pEqual(test.exact), pEqual(test.mid))}
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
        note={divergence ? texts.divergenceNote : texts.noDivergence}
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
