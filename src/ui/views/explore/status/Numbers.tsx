import { Text } from '@mantine/core';
import { asksTasks, currentEstimate, currentPoint } from '../../../../app/views/explore/explore-store.ts';
import columns from '../../../parts/columns.module.css';
import { about, bytes, count, percent, range } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Panel.tsx';
import { RichText } from '../../../parts/RichText.tsx';
import { useDeferredExplore } from '../../../parts/useDeferredExplore.ts';
import type { Phrase } from '../../../texts/phrase.ts';
import { numbers as texts } from '../../../texts/status.ts';
import { SaveModel } from './SaveModel.tsx';
import { Sizes } from './Sizes.tsx';
import classes from './status.module.css';

type Item = [name: Phrase, value: string, note: string];

/** The level's numbers, each with how it was made. */
export function Numbers() {
  const result = useDeferredExplore((state) => currentPoint(state)?.result ?? null);
  const estimate = useDeferredExplore(currentEstimate);
  const isTask = useDeferredExplore(asksTasks);
  const options = useDeferredExplore((state) => state.probes?.gold);
  if (!result && !estimate) return null;
  const report = result?.report;
  const touched = report?.touched ?? report?.total;
  const precision = (result?.summary ?? estimate!).precision;
  const asked = result?.summary.probes;
  const kind = isTask ? 'questions' : 'facts';
  const macro = result?.summary.macro ?? estimate!.macro;
  const items: Item[] = [
    ...(isTask ? precision.slice(0, 1) : precision).map(
      (own): Item => [
        [isTask ? texts.accuracy : texts.precision(own.k)],
        'hits' in own ? percent(own.share) : about(own),
        'hits' in own ? texts.hits(count(own.hits), count(asked!), range(own)) : texts.estimated(range(own)),
      ],
    ),
    isTask
      ? [[texts.chance], chance(options), texts.chanceNote]
      : [
          [texts.mrr],
          result?.summary.mrr.toFixed(3) ?? texts.unknown,
          texts.mrrNote(asked === undefined ? null : count(asked)),
        ],
    [
      [texts.macro(kind)],
      result ? percent(macro.share) : about(estimate!.macro),
      texts.macroNote(kind, range(macro), !result),
    ],
    [texts.sparsity, result ? percent(result.sparsity) : texts.unknown, texts.sparsityNote],
    [texts.bits, result?.bitsPerWeight.toFixed(2) ?? texts.unknown, texts.bitsNote],
    [[texts.size], result ? bytes(result.bytes) : texts.unknown, texts.sizeNote],
  ];
  if (touched && touched.snrDb !== null)
    items.push([texts.snr, texts.snrValue(touched.snrDb.toFixed(1)), texts.snrNote]);
  if (estimate) items.push([texts.snr, texts.unknown, texts.snrNote]);
  return (
    <Panel title={texts.title}>
      <dl className={`${columns.numbers} ${classes.list}`}>
        {items.map(([name, value, note], index) => (
          <div key={index}>
            <Text component="dt" size="xs" c="dimmed">
              <RichText phrase={name} />
            </Text>
            <Text component="dd" m={0} fw={600} className="lossy-numbers">
              {value}
            </Text>
            <Text component="dd" m={0} size="xs" c="dimmed" className="lossy-numbers">
              {note}
            </Text>
          </div>
        ))}
      </dl>
      <div className={classes.sizes}>{report && <Sizes sizes={report.total.bytes} />}</div>
      <SaveModel />
    </Panel>
  );
}

/** What guessing would give: of a question without options nothing is guessed. */
function chance(options: readonly (readonly string[])[] | undefined): string {
  if (!options || options.length === 0) return texts.unknown;
  return percent(options.reduce((sum, { length }) => sum + (length > 1 ? 1 / length : 0), 0) / options.length);
}
