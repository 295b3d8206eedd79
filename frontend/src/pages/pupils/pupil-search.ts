/** The list's part of the address, and what it asks of the server. */
import type { PupilFilters } from '~/api/roster';
import type { ListSearch } from '~/app/list-search';
import type { YearGroup } from '~/school/words';

export interface PupilSearch extends ListSearch {
  year?: YearGroup;
  group?: string;
  without?: 'upn' | 'class' | 'year';
  from?: 'mis' | 'import' | 'hand';
  details?: 'by-hand' | 'year';
}

export function filtersOf(search: PupilSearch): PupilFilters {
  const { without } = search;
  return {
    search: search.search,
    year_group: search.year,
    group_id: search.group,
    missing_upn: without === 'upn' ? true : undefined,
    without_class: without === 'class' ? true : undefined,
    missing_year: without === 'year' ? true : undefined,
    origin: search.from,
    set_by_hand: search.details === 'by-hand' ? true : undefined,
    year_disagrees: search.details === 'year' ? true : undefined,
    active: search.active ?? true,
  };
}

/** How many are set of the filters that open by a button on a phone. */
export function filtersSet({ year, group, without, from, details }: PupilSearch): number {
  const filters = { year, group, without, from, details };
  return Object.values(filters).filter((value) => value !== undefined).length;
}
