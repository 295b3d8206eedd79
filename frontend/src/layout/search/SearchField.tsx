/** The field and what is found, as a combobox: arrows choose, Enter opens, Escape closes. */
import { Button, Combobox, Group, Loader, TextInput, useCombobox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Search as SearchIcon } from 'lucide-react';
import {
  type ComponentProps,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useState,
} from 'react';
import { FEWEST } from '~/api/search';
import type { Account } from '~/api/session';
import { ELSEWHERE, Found } from './Found';
import classes from './Search.module.css';
import { useHits } from './useHits';

interface SearchFieldProps {
  account: Account;
  ref?: Ref<HTMLInputElement>;
  /** What is found stands under the field for good, and not over the page. */
  inDialog?: boolean;
  /** When one of what was found is opened, or nothing is wanted any more. */
  onDone?: () => void;
}

export function SearchField({ account, ref, inDialog = false, onDone }: SearchFieldProps) {
  const [text, setText] = useState('');
  const hits = useHits(text, account);
  const navigate = useNavigate();
  const ids = useId();
  const combobox = useCombobox({ opened: inDialog || undefined });
  const enough = text.trim().length >= FEWEST;
  const lines = hits.groups.flatMap((group) => group.hits.map(({ href }) => href));

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something else was found
  useEffect(combobox.resetSelectedOption, [lines.join()]);

  const open = (href: string) => {
    setText('');
    combobox.closeDropdown();
    onDone?.();
    void navigate({ href });
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && text) setText('');
    // Enter opens the first, where none was chosen with the arrows.
    const chosen = combobox.getSelectedOptionIndex() >= 0 || event.isDefaultPrevented();
    if (event.key === 'Enter' && !chosen && !hits.searching && lines[0]) open(lines[0]);
  };
  const field = (
    <Field
      ids={[...lines, ...ELSEWHERE.map(({ href }) => href)].map((href) => `${ids}${href}`)}
      ref={ref}
      role="combobox"
      aria-autocomplete="list"
      aria-label="Search"
      placeholder={inDialog ? PLACEHOLDERS.short : PLACEHOLDERS[account.kind]}
      classNames={{ input: inDialog ? undefined : classes.input }}
      leftSection={<SearchIcon size={18} aria-hidden />}
      rightSection={hits.searching && <Loader size={16} aria-hidden />}
      type="search"
      autoComplete="off"
      maxLength={100}
      data-autofocus={inDialog || undefined}
      flex={1}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        combobox.openDropdown();
      }}
      onFocus={() => combobox.openDropdown()}
      onBlur={() => combobox.closeDropdown()}
      onKeyDown={keyDown}
    />
  );
  const found = <Found text={text.trim()} hits={hits} ids={ids} />;
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={open}
      withinPortal={false}
      position="bottom-end"
      width={440}
      shadow="lg"
    >
      {inDialog ? (
        <>
          <Group wrap="nowrap" gap="xs" mb="sm">
            <Combobox.EventsTarget withExpandedAttribute>{field}</Combobox.EventsTarget>
            <Button variant="default" onClick={onDone}>
              Close
            </Button>
          </Group>
          {found}
        </>
      ) : (
        <>
          <Combobox.Target withExpandedAttribute>{field}</Combobox.Target>
          <Combobox.Dropdown hidden={!enough} className={classes.dropdown}>
            {found}
          </Combobox.Dropdown>
        </>
      )}
    </Combobox>
  );
}

/** Mantine goes on naming the option that was chosen last, also where it was not found any more. */
function Field({ ids, ...props }: ComponentProps<typeof TextInput> & { ids: readonly string[] }) {
  const active = props['aria-activedescendant'];
  const there = active && ids.includes(active) ? active : undefined;
  return <TextInput {...props} aria-activedescendant={there} />;
}

const PLACEHOLDERS = {
  admin: 'Search pupils, users, groups, help',
  user: 'Search pupils, groups, help',
  parent: 'Search the help pages',
  short: 'Type a name',
} as const;
