/** What the list of pupils is searched and filtered by. */
import { useQuery } from '@tanstack/react-query';
import { groupQuery, groupsQuery } from '~/api/roster';
import { ActiveFilter, Filter, MoreFilters, SearchField } from '~/components/ListPage';
import { type YearGroup, yearGroupName } from '~/school/words';
import { filtersSet, type PupilSearch } from './pupil-search';

interface PupilFiltersProps {
  search: PupilSearch;
  /** The school's own. */
  years: readonly YearGroup[];
  onChange: (changed: PupilSearch) => void;
}

export function PupilFilters({ search, years, onChange }: PupilFiltersProps) {
  return (
    <>
      <SearchField
        label="Search by name or UPN"
        value={search.search}
        onSearch={(text) => onChange({ search: text })}
      />
      <ActiveFilter active={search.active} onChange={(active) => onChange({ active })} />
      <MoreFilters set={filtersSet(search)}>
        <Filter
          label="Year"
          all="All years"
          value={search.year}
          options={years.map((year) => ({ value: year, label: yearGroupName(year) }))}
          onChange={(year) => onChange({ year })}
        />
        <GroupFilter group={search.group} onChange={(group) => onChange({ group })} />
        <Filter
          label="What is missing"
          all="Anything"
          value={search.without}
          options={[
            { value: 'upn', label: 'Without a UPN' },
            { value: 'class', label: 'Without a class' },
            { value: 'year', label: 'Without a year group' },
          ]}
          onChange={(without) => onChange({ without })}
        />
        <Filter
          label="From"
          all="Anywhere"
          value={search.from}
          options={[
            { value: 'mis', label: 'MIS' },
            { value: 'import', label: 'Import' },
            { value: 'hand', label: 'Added by hand' },
          ]}
          onChange={(from) => onChange({ from })}
        />
        <Filter
          label="Details"
          all="All details"
          value={search.details}
          options={[
            { value: 'by-hand', label: 'Set by hand' },
            { value: 'year', label: 'Year does not fit age' },
          ]}
          onChange={(details) => onChange({ details })}
        />
      </MoreFilters>
    </>
  );
}

interface GroupFilterProps {
  group: string | undefined;
  onChange: (group: string | undefined) => void;
}

/** Also a group that the list of groups does not offer, such as an inactive one, has its name. */
function GroupFilter({ group, onChange }: GroupFilterProps) {
  const offered = useQuery(groupsQuery({ limit: 200, sort: 'name' }));
  const groups = offered.data?.items ?? [];
  const isOffered = groups.some(({ id }) => id === group);
  const other = useQuery({
    ...groupQuery(group ?? ''),
    enabled: group !== undefined && offered.isSuccess && !isOffered,
  });
  const own = other.data?.group;
  const all = own && own.id === group ? [...groups, own] : groups;
  return (
    <Filter
      label="Group"
      all="All groups"
      value={group}
      options={all.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      onChange={onChange}
    />
  );
}
