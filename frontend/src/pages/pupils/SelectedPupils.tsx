/** What can be done with the pupils that are selected, on this page and on others. */
import { MOST_PUPILS_AT_ONCE, type Pupil, type PupilFilters, selectAllPupils } from '~/api/roster';
import { SelectedRows } from '~/components/SelectedRows';
import type { SelectionState } from '~/components/useSelection';
import { ACTION_NAMES, type Action } from './many-pupils';

interface SelectedPupilsProps {
  /** Those of this page. */
  rows: readonly Pupil[];
  /** How many fit the filters, over all pages. */
  total: number;
  filters: PupilFilters;
  selection: SelectionState;
  onAction: (action: Action) => void;
}

const OF_ACTIVE: Action[] = ['make_inactive', 'move_to_year', 'add_to_group', 'remove_from_group'];
const OF_INACTIVE: Action[] = ['make_active', 'remove_from_group'];

export function SelectedPupils({ filters, ...list }: SelectedPupilsProps) {
  return (
    <SelectedRows
      thing="pupil"
      most={MOST_PUPILS_AT_ONCE}
      selectAll={() => selectAllPupils(filters)}
      actions={filters.active === false ? OF_INACTIVE : OF_ACTIVE}
      names={ACTION_NAMES}
      {...list}
    />
  );
}
