import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { sampleSizes } from '../../../app/link/sample-sizes.ts';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { look, setAmount, start } from '../../../app/views/compare/compare.ts';
import { recipeOf, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { alpha, type Compared, type ComparedRow, verdictOf } from '../../../app/views/compare/compared.ts';
import { bytes, count, percent, range } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import table from '../../parts/table.module.css';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { useBeside, useCompared, useOverview } from './useCompared.ts';

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
        <Sides />
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
        onChange={(value) => setAmount(sampleSizes.find((known) => String(known) === value)!)}
        data={sampleSizes.map((value) => ({ value: String(value), label: texts.amounts(value) }))}
      />
    </Group>
  );
}

/** Each recipe with its accuracy and size; of more than two, against the first one, and one is chosen to be looked at. */
function Sides() {
  const choice = useCompare((state) => state.choice);
  const results = useCompare((state) => state.results);
  const overview = useOverview();
  const isSeveral = choice.recipes.length > 2;
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className={table.scroll} aria-label={texts.recipes} tabIndex={0}>
        <table className={`${table.table} ${classes.recipes}`}>
          <thead>
            <tr>
              <th scope="col">{texts.recipeColumn}</th>
              <th scope="col">{texts.accuracy}</th>
              <th scope="col">{texts.size}</th>
              {isSeveral &&
                Object.entries(texts.against).map(([id, title]) => (
                  <th key={id} scope="col">
                    {title}
                  </th>
                ))}
            </tr>
          </thead>
          <tbody>
            {choice.recipes.map((steps, at) => {
              const side = sides[at];
              const row = overview?.rows[at];
              const result = results[at];
              const isChosen = isSeveral && at === choice.against;
              const words = describeRecipe(recipeOf(steps));
              return (
                <tr key={side} className={isChosen ? table.chosen : undefined}>
                  <th scope="row" className={isSeveral ? classes.recipe : undefined}>
                    {isSeveral && at > 0 ? (
                      <button
                        type="button"
                        className={table.button}
                        aria-pressed={isChosen}
                        title={texts.chooseRow(texts.side(side))}
                        onClick={() => look({ against: at })}
                      >
                        <b>{texts.side(side)}</b> {words}
                      </button>
                    ) : (
                      <>
                        <b>{texts.side(side)}</b> {words}
                        {isSeveral && <div className={table.note}>{texts.first}</div>}
                      </>
                    )}
                  </th>
                  <td>
                    {row ? (
                      <>
                        <b>{percent(row.share.share)}</b>{' '}
                        <span className={isSeveral ? classes.below : classes.interval}>
                          {texts.interval(range(row.share), count(overview.n))}
                        </span>
                      </>
                    ) : (
                      '…'
                    )}
                  </td>
                  <td title={texts.sizeNote}>{result ? bytes(result.bytes) : '…'}</td>
                  {isSeveral && (at === 0 ? <td colSpan={4} /> : <Against row={row?.against} />)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <Text size="xs" c="dimmed" mt={4}>
        {texts.sizeNote} {isSeveral && texts.severalNote(count(choice.recipes.length - 1))}
      </Text>
    </div>
  );
}

function Against({ row }: { row: ComparedRow['against'] | undefined }) {
  const cells = row ? [count(row.lost), count(row.gained), pWords(row.p), pWords(row.adjusted)] : ['…', '…', '…', '…'];
  return Object.keys(texts.against).map((id, at) => <td key={id}>{cells[at]}</td>);
}

const points = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`;

/** 0.00004 → "< 0.0001". */
export const pWords = (p: number) => (p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.01 ? 4 : 3));
const pEqual = (p: number) => (p < 0.0001 ? pWords(p) : `= ${pWords(p)}`);

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
        value={texts.points(points(difference.difference), points(difference.low), points(difference.high))}
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
