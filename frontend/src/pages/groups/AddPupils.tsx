/** Putting pupils into a group: found and ticked, looked through, then done (R13). */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type GroupDetail, MOST_MEMBERS_AT_ONCE } from '~/api/groups';
import { type Pupil, pupilsQuery } from '~/api/roster';
import { Dialog } from '~/components/Dialog';
import { Filter } from '~/components/ListPage';
import { useSelection } from '~/components/useSelection';
import { YEAR_GROUPS, type YearGroup, yearGroupName } from '~/school/words';
import { LookAndDo } from './ManyLinksDialog';
import { type Found, PeopleChooser } from './PeopleChooser';

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
  const [looking, setLooking] = useState(false);
  const selection = useSelection(group.id);
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
    <Dialog opened onClose={onClose} title={`Add pupils to ${group.name}`} size="lg">
      {looking ? (
        <LookAndDo
          group={group}
          people="pupils"
          ids={[...selection.selected]}
          present
          onClose={onClose}
          onDone={onClose}
          onBack={() => setLooking(false)}
        />
      ) : (
        <PeopleChooser
          thing="pupil"
          searchLabel="Search by name or UPN"
          onSearch={setSearch}
          filters={
            <>
              <Filter
                label="Year"
                all="All years"
                value={year}
                options={YEARS}
                onChange={setYear}
              />
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
          total={pupils.data?.total ?? 0}
          error={pupils.error}
          selection={selection}
          most={MOST_MEMBERS_AT_ONCE}
          onCancel={onClose}
          onNext={() => setLooking(true)}
        />
      )}
    </Dialog>
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
