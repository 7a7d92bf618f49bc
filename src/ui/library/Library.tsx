import { ActionIcon, Button, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { describeRecipe } from '../../app/catalogue.ts';
import { forget, showEntry } from '../../app/lab.ts';
import { useLab } from '../../app/store.ts';
import { count, duration, percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';

const firstShown = 12;

/** Every result that this browser keeps. */
export function Library() {
  const library = useLab((state) => state.library);
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
          <Table.ScrollContainer minWidth={560}>
            <Table className="lossy-numbers" verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Recipe</Table.Th>
                  <Table.Th scope="col">Wording</Table.Th>
                  <Table.Th scope="col">P@1</Table.Th>
                  <Table.Th scope="col">n</Table.Th>
                  <Table.Th scope="col">Computed in</Table.Th>
                  <Table.Th scope="col">
                    <span style={{ position: 'absolute', clip: 'rect(0 0 0 0)' }}>Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((entry) => (
                  <Table.Tr key={entry.key}>
                    <Table.Td>
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        h="auto"
                        styles={{ label: { whiteSpace: 'normal', textAlign: 'left' } }}
                        onClick={() => showEntry(entry.recipe, entry.template)}
                        title={`${entry.model.name}, ${entry.suite.name}, key ${entry.key.slice(0, 12)}`}
                      >
                        {describeRecipe(entry.recipe)}
                      </Button>
                    </Table.Td>
                    <Table.Td>{entry.template}</Table.Td>
                    <Table.Td>{percent(entry.hits / entry.asked)}</Table.Td>
                    <Table.Td>
                      {entry.asked === entry.of ? count(entry.of) : `${count(entry.asked)} of ${count(entry.of)}`}
                    </Table.Td>
                    <Table.Td title={entry.backend}>{duration(entry.seconds)}</Table.Td>
                    <Table.Td>
                      <Tooltip label="Delete this result">
                        <ActionIcon
                          variant="subtle"
                          color="red"
                          aria-label={`Delete the result of ${describeRecipe(entry.recipe)}`}
                          onClick={() => void forget([entry.key])}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Tooltip>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
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
