import { Group, Select, Skeleton, Text } from '@mantine/core';
import { useMemo } from 'react';
import { defaultChoice } from '../../../app/recipe/curve.ts';
import { look, setShow } from '../../../app/views/compare/compare.ts';
import { shownFacts } from '../../../app/views/compare/compare-choice.ts';
import { type CompareState, useCompare } from '../../../app/views/compare/compare-store.ts';
import type { FlippedFact } from '../../../app/views/compare/compared.ts';
import { writeExploreLink } from '../../../app/views/explore/explore-link.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { count } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { VirtualBody } from '../../parts/tables/VirtualBody.tsx';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { useBeside, useCompared } from './useCompared.ts';

const tableHeight = 420;

/** Every fact that is not the same in both, with what each says. */
export function Facts() {
  const compared = useCompared();
  const beside = useBeside();
  const { show, relation } = useCompare((state) => state.choice);
  const probes = useCompare((state) => state.probes);
  const rows = useMemo(
    () =>
      (compared?.facts ?? []).filter(
        (fact) => (show === 'all' || fact.outcome === show) && (relation === null || fact.relation === relation),
      ),
    [compared, show, relation],
  );
  const relations = compared?.relations ?? [];
  return (
    <Panel title={texts.facts}>
      <Group gap="sm" mb="sm">
        <Segments
          label={texts.show}
          labelled="beside"
          values={shownFacts}
          words={(value) => texts.shown(beside)[value]}
          value={show}
          onChange={setShow}
        />
        <Select
          size="xs"
          aria-label={texts.columns(beside).relation}
          clearable
          searchable
          placeholder={texts.allRelations}
          value={relations.some((entry) => entry.id === relation) ? relation : null}
          data={relations.map((entry) => ({ value: entry.id, label: entry.label }))}
          onChange={(value) => look({ relation: value })}
        />
        <Text size="sm" c="dimmed" className="lossy-numbers" role="status">
          {compared ? texts.factCount(count(rows.length)) : ''}
        </Text>
      </Group>
      <div style={{ minHeight: tableHeight }}>
        {probes && compared ? (
          <FactTable rows={rows} probes={probes} relations={relations} />
        ) : (
          <>
            <Skeleton height={tableHeight - 30} animate={false} />
            <Text size="sm" c="dimmed" mt={6}>
              {texts.factsComing}
            </Text>
          </>
        )}
      </div>
      <Hint mt="xs">{texts.factsNote(beside)}</Hint>
    </Panel>
  );
}

interface TableProps {
  rows: readonly FlippedFact[];
  probes: NonNullable<CompareState['probes']>;
  relations: readonly { id: string; label: string }[];
}

function FactTable({ rows, probes, relations }: TableProps) {
  const words = useCompare((state) => state.words);
  const choice = useCompare((state) => state.choice);
  const { model, suite, template, recipes, against } = choice;
  const beside = useBeside();
  const [a, b] = [recipes[0], recipes[against]];
  const columns = useMemo((): Column<FlippedFact>[] => {
    const labels = new Map(relations.map(({ id, label }) => [id, label]));
    const steps = [b, a, defaultChoice.steps.map((step) => ({ ...step, level: 0 }))].find(({ length }) => length > 0)!;
    const linkOf = ({ relation, probe }: FlippedFact) =>
      `#${writeExploreLink({ model, suite, template, steps, axis: steps.length - 1 }, { relation, probe })}`;
    // Of a question with options the answers are numbers of options.
    const said = (probe: number, id: number) =>
      (probes.right[probe] >= 0 ? probes.gold[probe][id] : words.get(id)) ?? '…';
    const right = (probe: number) =>
      probes.right[probe] >= 0 ? probes.gold[probe][probes.right[probe]] : probes.gold[probe].join(', ');
    const outcomes = texts.outcome(beside);
    const answer = (side: 'a' | 'b') => ({
      width: 'minmax(80px, 1.2fr)',
      cell: (fact: FlippedFact) =>
        `${said(fact.probe, fact[side])} ${fact.outcome === (side === 'a' ? 'lost' : 'gained') ? '✓' : '✗'}`,
    });
    return columnsOf(texts.factColumns(beside), {
      subject: {
        width: 'minmax(110px, 2fr)',
        cell: (fact) => (
          <a className={classes.link} href={linkOf(fact)} title={probes.prompts[fact.probe]}>
            {probes.subjects[fact.probe] || probes.prompts[fact.probe]}
          </a>
        ),
      },
      relation: { width: 'minmax(90px, 1.4fr)', cell: ({ relation }) => labels.get(relation) ?? relation },
      right: {
        width: 'minmax(80px, 1.2fr)',
        cell: ({ probe }) => right(probe),
        title: ({ probe }) => right(probe),
      },
      a: answer('a'),
      b: answer('b'),
      outcome: { width: '90px', cell: ({ outcome }) => outcomes[outcome] },
    });
  }, [words, probes, relations, model, suite, template, a, b, beside]);
  return (
    <DataTable
      label={texts.facts}
      rows={rows}
      columns={columns}
      keyOf={({ place }) => String(place)}
      height={tableHeight}
      long={{ rowHeight: 36, Body: VirtualBody }}
      empty={<Text size="sm">{texts.noFacts}</Text>}
    />
  );
}
