import { lazy } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import type { Offer } from '../../../app/views/decide/decision.ts';
import { Marker } from '../../parts/charts/Marker.tsx';
import { Figure } from '../../parts/export/Figure.tsx';
import { bytes, count, percent, range, spread } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { subjectWords } from '../../parts/subject.ts';
import { Term } from '../../parts/Term.tsx';
import { type Column, columnsOf, csvOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { VirtualBody } from '../../parts/tables/VirtualBody.tsx';
import { decide as texts } from '../../texts/decide.ts';
import classes from './decide.module.css';
import { kindMarks } from './kinds.ts';
import { nameOf, useDecision, useOffers } from './useDecision.ts';

const OffersChart = lazy(() => import('./OffersChart.tsx'));

const height = 340;
const kinds = ['none', 'removed', 'rounded', 'mixed'] as const;

/** All kept results, as a chart and as a table. */
export function Offers() {
  const offers = useOffers();
  const decision = useDecision();
  const choice = useDecide((state) => state.choice);
  const taken = decision.status === 'take' ? decision.offer.key : null;
  const cited = () => ({
    title: texts.chart,
    subject: texts.citedSubject(subjectWords(choice), texts.layouts[choice.layout]),
    n: texts.citedN(spread(offers.map(({ n }) => n)) ?? '0'),
    keys: offers.map(({ key }) => key),
  });
  const commands = () =>
    offers.map(({ recipe, asked, of }) => commandOf(choice, recipe, asked < of ? asked : undefined));
  return (
    <Panel title={texts.chart} gap="sm">
      <Figure cited={cited} rows={() => csvOf(columns, offers)} commands={commands} height={height}>
        <OffersChart height={height} offers={offers} taken={taken} megabytes={choice.megabytes} loss={choice.loss} />
      </Figure>
      <div className={classes.legend}>
        {kinds.map((kind) => (
          <span key={kind}>
            <svg width={16} height={16} aria-hidden="true">
              <Marker {...kindMarks[kind]} cx={8} cy={8} size={5} />
            </svg>
            {texts.kinds[kind]}
          </span>
        ))}
        <span>
          ┄ <Term id="pareto">{texts.front}</Term>
        </span>
      </div>
      <Hint>{texts.hollow}</Hint>
      <DataTable
        label={texts.table}
        rows={offers}
        columns={columns}
        keyOf={({ key }) => key}
        height={300}
        long={{ rowHeight: 36, Body: VirtualBody }}
      />
    </Panel>
  );
}

const columns: readonly Column<Offer>[] = columnsOf(texts.columns, {
  recipe: { width: 'minmax(140px, 3fr)', cell: nameOf, title: nameOf, csv: (offer) => ({ recipe: nameOf(offer) }) },
  size: {
    align: 'right',
    width: '70px',
    cell: (offer) => bytes(offer.bytes),
    csv: (offer) => ({ bytes: offer.bytes }),
  },
  kept: { align: 'right', width: '70px', cell: ({ kept }) => percent(kept), csv: ({ kept }) => ({ kept }) },
  interval: { align: 'right', width: '120px', cell: range, csv: ({ low, high }) => ({ low, high }) },
  n: {
    align: 'right',
    width: '90px',
    cell: ({ n, isFew }) => `${count(n)}${isFew ? ` (${texts.few})` : ''}`,
    csv: ({ n, asked }) => ({ n, asked }),
  },
  front: {
    align: 'right',
    width: '50px',
    cell: ({ onFront }) => (onFront ? texts.onFront : ''),
    csv: ({ onFront, key }) => ({ front: onFront, key }),
  },
});
