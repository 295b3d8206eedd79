/** Picks a pupil of the school, searched on the server. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pupilsQuery } from '~/api/roster';
import { labelOf } from '~/components/PupilPicker';

export interface ChosenChild {
  id: string;
  label: string;
}

interface ChildPickerProps {
  label: string;
  /** Pupils who are not offered. */
  taken: readonly string[];
  onPick: (child: ChosenChild) => void;
}

const OFFERED = 20;

export function ChildPicker({ label, taken, onPick }: ChildPickerProps) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const offered = useQuery(pupilsQuery({ search: settled || undefined, limit: OFFERED }));
  const pupils = (offered.data?.items ?? []).filter(({ id }) => !taken.includes(id));
  return (
    <Select
      label={label}
      description="Type the child’s name, then choose."
      placeholder="Name of the child"
      searchable
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={pupils.map((pupil) => ({ value: pupil.id, label: labelOf(pupil) }))}
      filter={({ options }) => options}
      nothingFoundMessage={offered.isFetching ? 'Searching…' : 'No pupil found'}
      value={null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => {
        const pupil = pupils.find((one) => one.id === id);
        if (pupil) onPick({ id: pupil.id, label: labelOf(pupil) });
        setSearch('');
      }}
    />
  );
}
