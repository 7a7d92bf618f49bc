import { Button, CloseButton, FileButton, Group, Menu, Text, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import {
  addTag,
  exportCsv,
  exportJson,
  exportParquet,
  importFile,
  remove,
  removeTag,
} from '../../../app/views/library/library.ts';
import { longestTag } from '../../../app/views/library/library-choice.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import { compareLink } from '../../../app/views/library/rows.ts';
import { count } from '../../parts/format.ts';
import { library as texts } from '../../texts/library.ts';
import classes from './library.module.css';

interface Props {
  /** The selected results are about to be deleted, and with them the button that was pressed. */
  onDelete: () => void;
}

/** What can be done with the selected results. */
export function Actions({ onDelete }: Props) {
  const rows = useLibrary((state) => state.rows);
  const selected = useLibrary((state) => state.selected);
  const isBusy = useLibrary((state) => state.busy !== null);
  const chosen = useMemo(() => (rows ?? []).filter(({ entry }) => selected.has(entry.key)), [rows, selected]);
  const tags = useMemo(() => [...new Set(chosen.flatMap((row) => row.tags))].sort(), [chosen]);
  const compare = chosen.length === 2 ? compareLink(chosen.map(({ entry }) => entry)) : null;
  const hasNone = chosen.length === 0;
  return (
    <div>
      <Group gap="xs">
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button size="xs" variant="light" disabled={isBusy || (rows ?? []).length === 0}>
              {texts.export}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void exportJson()}>{texts.json}</Menu.Item>
            <Menu.Item onClick={() => void exportCsv()}>{texts.csv}</Menu.Item>
            <Menu.Item onClick={() => void exportParquet()}>{texts.parquet}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <FileButton
          accept="application/json,.json,.jsonl"
          inputProps={{ 'aria-label': texts.importFile }}
          onChange={(file) => file && void importFile(file)}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default" disabled={isBusy}>
              {texts.import}
            </Button>
          )}
        </FileButton>
        <Remove keys={chosen.map(({ entry }) => entry.key)} isDisabled={isBusy || hasNone} onDelete={onDelete} />
        <TagForm isDisabled={hasNone} />
        {compare && (
          <Button size="xs" variant="default" component="a" href={compare}>
            {texts.compare}
          </Button>
        )}
      </Group>
      <Group gap="xs" mt={6} mih={26}>
        <Text size="xs" c="dimmed" role="status">
          {hasNone ? texts.nothingSelected : texts.selected(count(chosen.length))}
        </Text>
        {tags.map((tag) => (
          <span key={tag} className={classes.tag}>
            {tag}
            <CloseButton size={18} aria-label={texts.removeTag(tag)} onClick={() => void removeTag(tag)} />
          </span>
        ))}
      </Group>
    </div>
  );
}

interface RemoveProps extends Props {
  keys: readonly string[];
  isDisabled: boolean;
}

function Remove({ keys, isDisabled, onDelete }: RemoveProps) {
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  // Another selection is another question.
  const asks = asked !== null && asked.length === keys.length && asked.every((key) => keys.includes(key));
  if (!asks)
    return (
      <Button size="xs" variant="subtle" color="red" disabled={isDisabled} onClick={() => setAsked(keys)}>
        {texts.delete}
      </Button>
    );
  return (
    <>
      <Text size="sm" role="status">
        {texts.askDelete(count(keys.length))}
      </Text>
      <Button
        size="xs"
        color="red"
        onClick={() => {
          setAsked(null);
          void remove(keys);
          onDelete();
        }}
      >
        {texts.confirm}
      </Button>
      <Button size="xs" variant="default" autoFocus onClick={() => setAsked(null)}>
        {texts.keep}
      </Button>
    </>
  );
}

function TagForm({ isDisabled }: { isDisabled: boolean }) {
  const [tag, setTag] = useState('');
  const wanted = tag.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted === '') return;
    void addTag(wanted);
    setTag('');
  };
  return (
    <form onSubmit={submit}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          w={130}
          aria-label={texts.newTag}
          placeholder={texts.newTag}
          maxLength={longestTag}
          disabled={isDisabled}
          value={tag}
          onChange={(event) => setTag(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" disabled={isDisabled || wanted === ''}>
          {texts.addTag}
        </Button>
      </Group>
    </form>
  );
}
