import { Alert, Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { clearModels, makeSafe, toggle } from '../../../app/views/library/library.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import columns from '../../parts/columns.module.css';
import { bytes, count } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import table from '../../parts/table.module.css';
import { library as texts } from '../../texts/library.ts';
import classes from './library.module.css';

/** From this share of what the browser gives on, space runs short. */
const nearlyFull = 0.9;
const shownLargest = 5;

/** How much of the browser's space is used, for what, and what can be done about it. */
export function SpacePanel() {
  const space = useLibrary((state) => state.space);
  const rows = useLibrary((state) => state.rows);
  const selected = useLibrary((state) => state.selected);
  const stayed = useLibrary((state) => state.stayed);
  const [asked, setAsked] = useState(false);
  const { total, largest } = useMemo(() => {
    const all = rows ?? [];
    return {
      total: all.reduce((sum, { kept }) => sum + kept, 0),
      largest: [...all].sort((a, b) => b.kept - a.kept).slice(0, shownLargest),
    };
  }, [rows]);
  if (!space)
    return (
      <Panel title={texts.space}>
        <Skeleton height={260} />
      </Panel>
    );
  const { usage, quota, models, suites, isSafe } = space;
  const isShort = usage !== null && quota !== null && usage > nearlyFull * quota;
  const lines = [
    [texts.results, bytes(total)],
    [texts.models, bytes(models)],
    [texts.suites, bytes(suites)],
    [texts.total, usage === null || quota === null ? texts.unknown : texts.quota(bytes(usage), bytes(quota))],
  ];
  return (
    <Panel title={texts.space}>
      <div className={columns.twoWide}>
        <Stack gap="sm">
          {isShort && (
            <Alert color="yellow" role="status">
              {texts.full}
            </Alert>
          )}
          <table className={`${table.table} ${classes.wraps}`}>
            <tbody>
              {lines.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Text size="sm">{isSafe === true ? texts.safe : texts.unsafe}</Text>
          <Group gap="xs">
            {isSafe !== true && (
              <Button
                size="xs"
                variant="light"
                onClick={() => {
                  setAsked(true);
                  void makeSafe();
                }}
              >
                {texts.makeSafe}
              </Button>
            )}
            <Button size="xs" variant="default" disabled={models === 0} onClick={() => void clearModels()}>
              {texts.clearModels}
            </Button>
          </Group>
          <Text size="xs" c="dimmed" role="status">
            {asked && isSafe === false ? texts.refused : texts.clearNote}
            {stayed > 0 && ` ${texts.stayed(count(stayed))}`}
          </Text>
        </Stack>
        {largest.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              {texts.largest}
            </Text>
            <div className={table.scroll}>
              <table className={table.table}>
                <tbody>
                  {largest.map(({ entry, recipe, kept }) => (
                    <tr key={entry.key}>
                      <th scope="row" className={table.text}>
                        {recipe}, {entry.model.name}
                      </th>
                      <td>{bytes(kept)}</td>
                      <td>
                        <Checkbox
                          size="xs"
                          aria-label={texts.select(`${recipe}, ${entry.model.name}`)}
                          checked={selected.has(entry.key)}
                          onChange={() => toggle(entry.key)}
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        )}
      </div>
    </Panel>
  );
}
