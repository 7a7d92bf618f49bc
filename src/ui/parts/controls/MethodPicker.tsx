import { Combobox, Text, useCombobox } from '@mantine/core';
import { type ReactElement, useRef, useState } from 'react';
import { catalogueGroups, isMethodId, searchCatalogue } from '../../../app/recipe/catalogue.ts';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import { methodPicker as texts } from '../../texts/controls.ts';
import classes from './controls.module.css';

interface Props {
  /** What opens the list: a button. */
  target: (open: () => void) => ReactElement;
  /** The method that is chosen now. */
  value?: MethodId;
  onPick: (method: MethodId) => void;
  /** Whether the button has the focus again when a method was picked. */
  returnsFocus?: boolean;
}

/** All methods under their headings, plain words first, with a search. */
export function MethodPicker({ target, value, onPick, returnsFocus = true }: Props) {
  const [search, setSearch] = useState('');
  const wasPicked = useRef(false);
  const combobox = useCombobox({
    onDropdownOpen: () => {
      wasPicked.current = false;
      // A touch screen would bring its keyboard over the list.
      if (!matchMedia('(pointer: coarse)').matches) combobox.focusSearchInput();
      combobox.updateSelectedOptionIndex('active', { scrollIntoView: true });
    },
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      if (returnsFocus || !wasPicked.current) combobox.focusTarget();
      setSearch('');
    },
  });
  const groups = search === '' ? catalogueGroups : searchCatalogue(search);
  const found = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <Combobox
      store={combobox}
      position="bottom-start"
      // As high as there is room for: the list scrolls.
      middlewares={{ flip: true, shift: true, size: true }}
      shadow="md"
      classNames={{ groupLabel: classes.heading }}
      onOptionSubmit={(id) => {
        wasPicked.current = true;
        if (isMethodId(id)) onPick(id);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">{target(() => combobox.toggleDropdown())}</Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex(0, { scrollIntoView: true });
          }}
          role="combobox"
          aria-expanded={combobox.dropdownOpened}
          aria-label={texts.search}
          placeholder={texts.example}
        />
        <Combobox.Options className={classes.options} aria-label={texts.list}>
          {groups.map(({ id, label, term, entries }) => (
            <Combobox.Group
              key={id}
              label={
                <span>
                  {texts.heading(label)}
                  <span className={classes.term}>{texts.headingTerm(term)}</span>
                </span>
              }
            >
              {entries.map((entry) => (
                <Combobox.Option key={entry.id} value={entry.id} active={entry.id === value}>
                  <Text size="sm" span fw={entry.id === value ? 650 : undefined}>
                    {entry.label}
                  </Text>
                  <Text size="xs" span display="block" className={classes.second}>
                    {entry.term}
                  </Text>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {found === 0 && <Combobox.Empty>{texts.nothing}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
