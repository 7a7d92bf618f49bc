import { Select, TextInput } from '@mantine/core';
import { memo, useMemo } from 'react';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { modelOf, suiteOf } from '../../../app/shipped.ts';
import { choose } from '../../../app/views/library/library.ts';
import type { LibraryChoice } from '../../../app/views/library/library-choice.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import type { LibraryRow } from '../../../app/views/library/rows.ts';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import columns from '../../parts/columns.module.css';
import { library as texts } from '../../texts/library.ts';

interface Props {
  rows: readonly LibraryRow[];
  choice: LibraryChoice;
}

/** Narrows the list; each list of choices holds what is there. */
export const Filters = memo(function Filters({ rows, choice }: Props) {
  const search = useLibrary((state) => state.choice.search);
  const offers = useMemo(() => {
    const sorted = (values: Iterable<string>) => [...new Set(values)].sort();
    return {
      model: sorted(rows.map(({ entry }) => entry.model.name)),
      suite: sorted(rows.map(({ entry }) => entry.suite.name)),
      method: sorted(rows.flatMap(({ entry }) => entry.recipe.map(({ method }) => method))),
      tag: sorted(rows.flatMap(({ tags }) => tags)),
    };
  }, [rows]);
  const labelOf = {
    model: (id: string) => modelOf(id)?.title ?? id,
    suite: (id: string) => suiteOf(id)?.title ?? id,
    method: (id: string) => entryOf(id as MethodId).label,
    tag: (id: string) => id,
  };
  return (
    <div className={columns.fiveOfTwo}>
      <TextInput
        type="search"
        label={texts.search}
        placeholder={texts.searchHint}
        value={search}
        maxLength={200}
        onChange={(event) => choose({ search: event.currentTarget.value })}
      />
      {(['model', 'suite', 'method', 'tag'] as const).map((name) => {
        const value = choice[name];
        // A link may name what is not there any more.
        const ids = value === null || offers[name].includes(value) ? offers[name] : [...offers[name], value];
        return (
          <Select
            key={name}
            label={texts[name]}
            data={[{ value: '', label: texts.any }, ...ids.map((id) => ({ value: id, label: labelOf[name](id) }))]}
            value={value ?? ''}
            onChange={(id) => choose({ [name]: id || null })}
          />
        );
      })}
    </div>
  );
});
