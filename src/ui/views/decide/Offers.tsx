import { Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import type { Offer } from '../../../app/views/decide/decision.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { bytes, count, percent, range, spread } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { subjectWords } from '../../parts/subject.ts';
import { Term } from '../../parts/Term.tsx';
import { type Column, VirtualTable } from '../../parts/VirtualTable.tsx';
import { decide as texts } from '../../texts/decide.ts';
import classes from './decide.module.css';
import { KindMark } from './KindMark.tsx';
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
  const rows = () =>
    offers.map((offer) => ({
      recipe: nameOf(offer),
      bytes: offer.bytes,
      kept: offer.kept,
      low: offer.low,
      high: offer.high,
      n: offer.n,
      asked: offer.asked,
      front: offer.onFront,
      key: offer.key,
    }));
  const commands = () =>
    offers.map(({ recipe, asked, of }) => commandOf(choice, recipe, asked < of ? asked : undefined));
  return (
    <Panel title={texts.chart}>
      <Stack gap="sm">
        <Figure cited={cited} rows={rows} commands={commands}>
          <div style={{ height }}>
            <Suspense fallback={<Skeleton height={height} animate={false} />}>
              <OffersChart
                height={height}
                offers={offers}
                taken={taken}
                megabytes={choice.megabytes}
                loss={choice.loss}
              />
            </Suspense>
          </div>
        </Figure>
        <div className={classes.legend}>
          {kinds.map((kind) => (
            <span key={kind}>
              <svg width={16} height={16} aria-hidden="true">
                <KindMark kind={kind} cx={8} cy={8} size={5} />
              </svg>
              {texts.kinds[kind]}
            </span>
          ))}
          <span>
            ┄ <Term id="pareto">{texts.front}</Term>
          </span>
        </div>
        <Text size="xs" c="dimmed">
          {texts.hollow}
        </Text>
        <VirtualTable label={texts.table} rows={offers} columns={columns} keyOf={({ key }) => key} height={300} />
      </Stack>
    </Panel>
  );
}

const { columns: heads } = texts;

const columns: readonly Column<Offer>[] = [
  {
    id: 'recipe',
    header: heads.recipe,
    isText: true,
    width: 'minmax(140px, 3fr)',
    cell: (offer) => <span title={nameOf(offer)}>{nameOf(offer)}</span>,
  },
  { id: 'size', header: heads.size, width: '70px', cell: (offer) => bytes(offer.bytes) },
  { id: 'kept', header: heads.kept, width: '70px', cell: (offer) => percent(offer.kept) },
  { id: 'interval', header: heads.interval, width: '120px', cell: (offer) => range(offer) },
  {
    id: 'n',
    header: heads.n,
    width: '90px',
    cell: (offer) => `${count(offer.n)}${offer.isFew ? ` (${texts.few})` : ''}`,
  },
  { id: 'front', header: heads.front, width: '50px', cell: (offer) => (offer.onFront ? texts.onFront : '') },
];
