import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { UserSuite } from '../../../app/storage/user-suites.ts';
import { userFacts as texts } from '../../texts/user-facts.ts';
import { count } from '../format.ts';
import { Hint } from '../Hint.tsx';
import classes from './user-facts.module.css';

interface Props {
  entries: readonly UserSuite[];
  /** The one that was just read. */
  latest: string | null;
  onChoose: (entry: UserSuite) => void;
  onForget: (entry: UserSuite) => void;
}

/** What the visitor brought, with what the importer left out of it. */
export function UserFactsList({ entries, latest, onChoose, onForget }: Props) {
  if (entries.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={texts.list}>
      {entries.map((entry) => (
        <li key={entry.id} className={entry.id === latest ? `${classes.entry} ${classes.latest}` : classes.entry}>
          <Group justify="space-between" wrap="nowrap" align="start">
            <div>
              <Text size="sm" fw={600}>
                {entry.title}
              </Text>
              <Hint>{texts.amount(count(entry.probes), entry.kind, entry.id)}</Hint>
              <LeftOut skipped={entry.skipped} />
            </div>
            <Group gap={4} wrap="nowrap">
              <Button size="xs" variant="light" onClick={() => onChoose(entry)}>
                {texts.ask}
              </Button>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={texts.forget(entry.title)}
                title={texts.forgetHint}
                onClick={() => onForget(entry)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </Group>
        </li>
      ))}
    </ul>
  );
}

/** What an importer left out, by reason. */
function LeftOut({ skipped }: { skipped: UserSuite['skipped'] }) {
  const total = skipped.reduce((sum, entry) => sum + entry.count, 0);
  if (total === 0) return <Hint>{texts.nothingLeftOut}</Hint>;
  return (
    <Text size="xs" c="dimmed" component="details">
      <summary>{texts.leftOut(count(total))}</summary>
      {skipped.map(({ reason, count: times }) => (
        <span key={reason} style={{ display: 'block' }}>
          {texts.reason(count(times), reason)}
        </span>
      ))}
    </Text>
  );
}
