import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { Entry } from '../../app/cache.ts';
import { describeRecipe } from '../../app/catalogue.ts';
import { canShow, showEntry } from '../../app/edit.ts';
import { forget } from '../../app/lab.ts';
import { count, duration, percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import table from '../parts/table.module.css';
import { useDeferredLab } from '../parts/useDeferredLab.ts';

const firstShown = 12;

/** Every result that this browser keeps. */
export function Library() {
  const library = useDeferredLab((state) => state.library);
  const [showsAll, setShowsAll] = useState(false);
  const [asks, setAsks] = useState(false);
  const shown = showsAll ? library : library.slice(0, firstShown);
  return (
    <Panel
      title={`Kept results (${count(library.length)})`}
      aside={
        library.length > 0 && (
          <Group gap="xs">
            {asks ? (
              <>
                <Text size="sm">Delete all {count(library.length)}?</Text>
                <Button
                  size="xs"
                  color="red"
                  onClick={() => {
                    setAsks(false);
                    void forget(library.map((entry) => entry.key));
                  }}
                >
                  Delete
                </Button>
                <Button size="xs" variant="default" onClick={() => setAsks(false)}>
                  Keep
                </Button>
              </>
            ) : (
              <Button size="xs" variant="subtle" color="red" onClick={() => setAsks(true)}>
                Delete all…
              </Button>
            )}
          </Group>
        )
      }
    >
      {library.length === 0 ? (
        <Text size="sm" c="dimmed">
          What is computed is kept in this browser, and never computed twice. Nothing leaves your machine.
        </Text>
      ) : (
        <>
          <div className={table.scroll}>
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">Recipe</th>
                  <th scope="col">Model</th>
                  <th scope="col">Asked</th>
                  <th scope="col">P@1</th>
                  <th scope="col">n</th>
                  <th scope="col">Took</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {shown.map((entry) => (
                  <Row key={entry.key} entry={entry} />
                ))}
              </tbody>
            </table>
          </div>
          {library.length > firstShown && (
            <Button variant="subtle" size="xs" mt="xs" onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? 'Show fewer' : `Show all ${count(library.length)}`}
            </Button>
          )}
        </>
      )}
    </Panel>
  );
}

const Row = memo(function Row({ entry }: { entry: Entry }) {
  const words = describeRecipe(entry.recipe);
  const isThere = canShow(entry);
  return (
    <tr>
      <th scope="row" className={table.text}>
        <button
          type="button"
          className={table.button}
          disabled={!isThere}
          onClick={() => showEntry(entry)}
          title={`${isThere ? 'Show' : 'No longer here:'} ${entry.model.name} on ${entry.suite.name}, key ${entry.key.slice(0, 12)}`}
        >
          {words}
        </button>
      </th>
      <td>{entry.model.name}</td>
      <td>
        {entry.suite.name}, {entry.template}
      </td>
      <td>{percent(entry.hits / entry.asked)}</td>
      <td>{entry.asked === entry.of ? count(entry.of) : `${count(entry.asked)} of ${count(entry.of)}`}</td>
      <td title={entry.backend}>{duration(entry.seconds)}</td>
      <td>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={`Delete the result of ${words}`}
          title="Delete this result"
          onClick={() => void forget([entry.key])}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </td>
    </tr>
  );
});
