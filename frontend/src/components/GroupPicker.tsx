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
  description?: string;
  /** Only classes, or only sets. */
  kind?: 'class' | 'set';
  /** Groups that are not offered. */
  taken?: readonly string[];
  value: ChosenGroup | null;
  onChange: (group: ChosenGroup | null) => void;
}

const OFFERED = 20;

export function GroupPicker(props: GroupPickerProps) {
  const { label, description, kind, taken = [], value, onChange } = props;
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const offered = useQuery(groupsQuery({ search: settled || undefined, kind, limit: OFFERED }));
  const groups = (offered.data?.items ?? []).filter(({ id }) => !taken.includes(id));
  return (
    <Select
      label={label}
      description={description}
      placeholder="Type its name"
      searchable
      clearable
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={withChosen(groups, value).map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      nothingFoundMessage="No group found"
      value={value?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => onChange(groups.find((group) => group.id === id) ?? null)}
    />
  );
}

/** The field shows the chosen one whatever is searched for. */
function withChosen(groups: ChosenGroup[], chosen: ChosenGroup | null): ChosenGroup[] {
  if (!chosen || groups.some(({ id }) => id === chosen.id)) return groups;
  return [chosen, ...groups];
}
