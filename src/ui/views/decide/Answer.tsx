import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { firstChunk } from '../../../app/chunks.ts';
import { askMore, computeGrid, look, missingOf, nextAmount } from '../../../app/views/decide/decide.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import type { Decision, Offer } from '../../../app/views/decide/decision.ts';
import { ExportButton } from '../../parts/export/ExportButton.tsx';
import { bytes, count, duration, percent, range } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { decide as texts } from '../../texts/decide.ts';
import classes from './decide.module.css';
import { nameOf, useDecision } from './useDecision.ts';

/** What to take, in words that follow from the numbers alone. */
export function Answer() {
  const decision = useDecision();
  const isBusy = useDecide((state) => state.run.status === 'running');
  const { loss } = useDecide((state) => state.choice);
  return (
    <Panel title={texts.answer}>
      <Stack gap="sm" className={classes.answer}>
        {decision.status === 'nothing' && <NoResults />}
        {decision.status === 'none' && <NothingFits decision={decision} />}
        {decision.status === 'take' && <Recommended decision={decision} least={1 - loss / 100} isBusy={isBusy} />}
        <GridOffer isBusy={isBusy} />
      </Stack>
    </Panel>
  );
}

function NoResults() {
  const hasResults = useDecide((state) => state.found.length > 0);
  return <Text size="lg">{hasResults ? texts.noBaseline : texts.nothingYet}</Text>;
}

function NothingFits({ decision: { smallEnough, goodEnough } }: { decision: Extract<Decision, { status: 'none' }> }) {
  return (
    <>
      <Text size="lg">{texts.noneFits}</Text>
      <Text size="sm" className="lossy-numbers">
        {smallEnough
          ? texts.nearSize(nameOf(smallEnough), percent(smallEnough.kept), bytes(smallEnough.bytes))
          : texts.nothingSmall}
      </Text>
      <Text size="sm" className="lossy-numbers">
        {goodEnough
          ? texts.nearLoss(nameOf(goodEnough), percent(goodEnough.kept), bytes(goodEnough.bytes))
          : texts.nothingGood}
      </Text>
    </>
  );
}

interface RecommendedProps {
  decision: Extract<Decision, { status: 'take' }>;
  least: number;
  isBusy: boolean;
}

function Recommended({ decision: { offer, isCertain, certain }, least, isBusy }: RecommendedProps) {
  const { model, suite, format } = useDecide((state) => state.choice);
  const limit = percent(least, 0);
  const other = !isCertain && certain && certain.key !== offer.key ? certain : null;
  return (
    <>
      <Group gap="sm" wrap="nowrap" align="start">
        <Badge tt="none" size="lg" variant={isCertain ? 'filled' : 'outline'} className={classes.badge}>
          {isCertain ? texts.certain : texts.probable}
        </Badge>
        <Text size="lg">{offer.recipe.length === 0 ? texts.uncompressed : texts.take(nameOf(offer))}</Text>
      </Group>
      <Text size="sm" className="lossy-numbers">
        {texts.numbers(bytes(offer.bytes), percent(offer.kept), range(offer), count(offer.n))}{' '}
        {isCertain ? texts.certainNote(limit) : texts.probableNote(percent(offer.low), limit)}
      </Text>
      {!isCertain && <AskMore offer={offer} isBusy={isBusy} />}
      {other && (
        <Text size="sm" className="lossy-numbers">
          {texts.orCertain(nameOf(other), bytes(other.bytes))}
        </Text>
      )}
      <ExportButton
        key={offer.key}
        model={model}
        suite={suite}
        recipe={offer.recipe}
        format={format}
        onFormat={(value) => look({ format: value })}
      />
    </>
  );
}

function AskMore({ offer, isBusy }: { offer: Offer; isBusy: boolean }) {
  if (offer.asked === offer.of) return <Text size="sm">{texts.allAsked}</Text>;
  return (
    <div>
      <Button size="xs" variant="light" disabled={isBusy} onClick={() => void askMore(offer)}>
        {texts.more(count(nextAmount(offer.asked, offer.of)))}
      </Button>
    </div>
  );
}

/** The offer to compute usual recipes, as long as some have no sample. */
function GridOffer({ isBusy }: { isBusy: boolean }) {
  const found = useDecide((state) => state.found);
  const choice = useDecide((state) => state.choice);
  const secondsEach = useDecide((state) => state.secondsEach);
  const missing = missingOf(found, choice);
  if (missing === 0) return null;
  return (
    <Group gap="sm">
      <Button variant={found.length === 0 ? 'filled' : 'light'} disabled={isBusy} onClick={() => void computeGrid()}>
        {texts.gridOffer(count(missing))}
      </Button>
      <Text size="xs" c="dimmed" style={{ flex: '1 1 260px' }}>
        {texts.gridHelp}{' '}
        {secondsEach === null
          ? texts.gridTimeUnknown
          : texts.gridTime(duration(Math.max(1, missing * firstChunk * secondsEach)))}
      </Text>
    </Group>
  );
}
