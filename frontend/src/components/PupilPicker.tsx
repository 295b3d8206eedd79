/** Picks one pupil of the school, searched on the server. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Pupil, pupilsQuery } from '~/api/roster';
import { yearGroupName } from '~/school/words';

export interface ChosenPupil {
  id: string;
  label: string;
}

interface PupilPickerProps {
  label: string;
  description: string;
  value: ChosenPupil | null;
  onChange: (pupil: ChosenPupil | null) => void;
}

const OFFERED = 20;

export function PupilPicker({ label, description, value, onChange }: PupilPickerProps) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const wanted = settled && settled !== value?.label ? settled : undefined;
  const offered = useQuery(pupilsQuery({ search: wanted, limit: OFFERED }));
  const found = (offered.data?.items ?? []).map((pupil) => ({
    id: pupil.id,
    label: labelOf(pupil),
  }));
  const shown = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found;
  return (
    <Select
      label={label}
      description={description}
      placeholder="Name of the pupil"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose no pupil' }}
      style={{ flex: '1 1 20rem', maxWidth: '30rem' }}
      comboboxProps={{ withinPortal: false, shadow: 'md' }}
      data={shown.map((pupil) => ({ value: pupil.id, label: pupil.label }))}
      filter={({ options }) => options}
      nothingFoundMessage={offered.isFetching ? 'Searching…' : 'No pupil found'}
      value={value?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => onChange(shown.find((pupil) => pupil.id === id) ?? null)}
    />
  );
}

/** `Maya Patel, Year 3, 3 Blue`. */
export function labelOf(pupil: Pupil): string {
  const forename = pupil.preferred_forename ?? pupil.legal_forename;
  const surname = pupil.preferred_surname ?? pupil.legal_surname;
  const year = pupil.year_group ? yearGroupName(pupil.year_group) : 'year not known';
  const classes = pupil.groups.filter(({ kind }) => kind === 'class').map(({ name }) => name);
  return [`${forename} ${surname}`, year, ...classes].join(', ');
}
