import { Skeleton, Stack, Text } from '@mantine/core';
import { useDeferredValue, useMemo, useRef } from 'react';
import { leftOutReasons } from '../../../app/views/library/envelope.ts';
import { closeError, foundRows } from '../../../app/views/library/library.ts';
import { type Imported, useLibrary } from '../../../app/views/library/library-store.ts';
import { Failure } from '../../parts/Failure.tsx';
import { count } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { library as texts } from '../../texts/library.ts';
import { Actions } from './Actions.tsx';
import { Filters } from './Filters.tsx';
import { ResultTable } from './ResultTable.tsx';
import { SpacePanel } from './SpacePanel.tsx';

/** Everything that this browser keeps. */
export default function LibraryView() {
  const rows = useDeferredValue(useLibrary((state) => state.rows));
  const choice = useDeferredValue(useLibrary((state) => state.choice));
  const shown = useMemo(() => foundRows({ rows, choice }), [rows, choice]);
  const list = useRef<HTMLDivElement>(null);
  return (
    <Stack gap="md" component="main">
      <Panel title={texts.title(count(shown.length), count(rows?.length ?? 0))} gap="sm">
        <Hint>{texts.note}</Hint>
        <Filters rows={rows ?? []} choice={choice} />
        <Actions onDelete={() => list.current?.focus()} />
        <ActionStatus />
        <div ref={list} tabIndex={-1}>
          {rows === null ? (
            <Skeleton height={420} />
          ) : (
            <ResultTable rows={shown} empty={rows.length === 0 ? texts.empty : texts.noneFound} />
          )}
        </div>
      </Panel>
      <SpacePanel />
    </Stack>
  );
}

/** How many results came in, and which did not and why. */
function importedText({ added, longer, kept, leftOut }: Imported): string {
  const reasons = leftOutReasons.flatMap((reason) => {
    const n = leftOut[reason];
    return n === undefined ? [] : [texts.notImported[reason](count(n))];
  });
  return [texts.imported(count(added), count(longer), count(kept)), ...reasons].join(' ');
}

/** The outcome of the last action. */
function ActionStatus() {
  const busy = useLibrary((state) => state.busy);
  const imported = useLibrary((state) => state.imported);
  const leftOut = useLibrary((state) => state.leftOut);
  const error = useLibrary((state) => state.error);
  return (
    <div>
      <Text size="sm" role="status" className="lossy-numbers" mih={22}>
        {busy && texts.busy[busy.what](count(busy.done), count(busy.of))}
        {imported && importedText(imported)}
        {leftOut > 0 && ` ${texts.leftOut(count(leftOut))}`}
      </Text>
      {error && <Failure serious error={error} onClose={closeError} />}
    </div>
  );
}
