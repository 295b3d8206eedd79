/** An active group, found by typing its name. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { groupsQuery } from '~/api/roster';

export interface ChosenGroup {
  id: string;
  name: string;
}

interface GroupPickerProps {
  label: string;
  /** Groups that are not offered. */
  taken?: readonly string[];
  value: ChosenGroup | null;
  onChange: (group: ChosenGroup | null) => void;
}

const OFFERED = 20;

export function GroupPicker({ label, taken = [], value, onChange }: GroupPickerProps) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const offered = useQuery(groupsQuery({ search: settled || undefined, limit: OFFERED }));
  const groups = (offered.data?.items ?? []).filter(({ id }) => !taken.includes(id));
  return (
    <Select
      label={label}
      placeholder="Type its name"
      searchable
      clearable
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={groups.map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      nothingFoundMessage="No group found"
      value={value?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => onChange(groups.find((group) => group.id === id) ?? null)}
    />
  );
}
