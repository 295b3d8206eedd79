/** Picks the record here that a MIS record is. Groups, users or pupils are searched on the server. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parentsQuery } from '~/api/parents';
import { groupsQuery, pupilsQuery } from '~/api/roster';
import { usersQuery } from '~/api/users';
import { yearGroupName } from '~/school/words';
import type { ChosenRecord, RecordKind } from './choices';

const OFFERED = 20;

interface RecordPickerProps {
  kind: RecordKind;
  /** The MIS record's name, for the field's label. */
  of: string;
  value: ChosenRecord | null;
  onChange: (record: ChosenRecord | null) => void;
}

export function RecordPicker({ kind, of, value, onChange }: RecordPickerProps) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, 200);
  const wanted = settled.trim() && settled !== value?.label ? settled.trim() : undefined;
  const offered = useOffered(kind, wanted);
  const options =
    value && !offered.some(({ id }) => id === value.id) ? [value, ...offered] : offered;
  return (
    <Select
      label={`${WORDS[kind]} that “${of}” is here`}
      placeholder="Type a name"
      size="sm"
      searchable
      clearable
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={options.map(({ id, label }) => ({ value: id, label }))}
      filter={({ options: all }) => all}
      nothingFoundMessage="Nothing found"
      value={value?.id ?? null}
      onSearchChange={setSearch}
      onChange={(id) => onChange(options.find((option) => option.id === id) ?? null)}
    />
  );
}

const WORDS: Record<RecordKind, string> = {
  group: 'Group',
  user: 'User',
  pupil: 'Pupil',
  parent: 'Parent',
};

function useOffered(kind: RecordKind, search: string | undefined): ChosenRecord[] {
  const query = { search, limit: OFFERED };
  const groups = useQuery({ ...groupsQuery(query), enabled: kind === 'group' });
  const users = useQuery({ ...usersQuery(query), enabled: kind === 'user' });
  const pupils = useQuery({ ...pupilsQuery(query), enabled: kind === 'pupil' });
  const parents = useQuery({ ...parentsQuery(query), enabled: kind === 'parent' });
  if (kind === 'parent') {
    return (parents.data?.items ?? []).map(({ id, name, email }) => ({
      id,
      label: email ? `${name} (${email})` : name,
    }));
  }
  if (kind === 'group') {
    return (groups.data?.items ?? []).map(({ id, name, year_group: year }) => ({
      id,
      label: year ? `${name} (${yearGroupName(year)})` : name,
    }));
  }
  if (kind === 'user') {
    return (users.data?.items ?? []).map(({ id, forename, surname, username }) => ({
      id,
      label: `${forename} ${surname} (${username})`,
    }));
  }
  return (pupils.data?.items ?? []).map((pupil) => ({
    id: pupil.id,
    label: `${pupil.legal_forename} ${pupil.legal_surname}, ${
      pupil.year_group ? yearGroupName(pupil.year_group) : 'year not known'
    }`,
  }));
}
