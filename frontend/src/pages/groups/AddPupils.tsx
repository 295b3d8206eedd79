/** Which pupils to put into a group: by name, UPN, year and class. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail } from '~/api/groups';
import { type Pupil, pupilsQuery } from '~/api/roster';
import { Filter } from '~/components/ListPage';
import { YEAR_GROUPS, type YearGroup, yearGroupName } from '~/school/words';
import { AddPeople } from './AddPeople';
import type { Found } from './PeopleChooser';

const SHOWN = 50;
const YEARS = YEAR_GROUPS.map((value) => ({ value, label: yearGroupName(value) }));

interface AddPupilsProps {
  group: GroupDetail;
  onClose: () => void;
}

export function AddPupils({ group, onClose }: AddPupilsProps) {
  const [search, setSearch] = useState<string>();
  const [year, setYear] = useState<YearGroup | undefined>(group.year_group ?? undefined);
  const [without, setWithout] = useState<'class'>();
  const pupils = useQuery(
    pupilsQuery({
      search,
      year_group: year,
      without_class: without && true,
      sort: 'surname',
      limit: SHOWN,
    }),
  );
  return (
    <AddPeople
      group={group}
      people="pupils"
      searchLabel="Search by name or UPN"
      onSearch={setSearch}
      filters={
        <>
          <Filter label="Year" all="All years" value={year} options={YEARS} onChange={setYear} />
          <Filter
            label="Class"
            all="With or without"
            value={without}
            options={[{ value: 'class', label: 'Without a class' }]}
            onChange={setWithout}
          />
        </>
      }
      found={pupils.data?.items.map(found)}
      total={pupils.data?.total}
      error={pupils.error}
      onClose={onClose}
    />
  );
}

function found(pupil: Pupil): Found {
  const forename = pupil.preferred_forename ?? pupil.legal_forename;
  const surname = pupil.preferred_surname ?? pupil.legal_surname;
  const year = pupil.year_group ? yearGroupName(pupil.year_group) : 'Year not known';
  const groups = pupil.groups.map(({ name }) => name);
  return {
    id: pupil.id,
    name: `${surname}, ${forename}`,
    about: [year, ...(groups.length > 0 ? groups : ['no group'])].join(', '),
  };
}
