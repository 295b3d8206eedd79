/** One action for many pupils: what it will do, shown before it is done, and what it did. */
import { Autocomplete, Select } from '@mantine/core';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { changePupils, consequencesForPupils, type ManyPupilsChange } from '~/api/roster';
import { type ChosenGroup, GroupPicker } from '~/components/GroupPicker';
import { TextLink } from '~/components/links';
import { ManyAtOnceDialog } from '~/components/ManyAtOnceDialog';
import { type YearGroup, yearGroupName } from '~/school/words';
import {
  ACTION_NAMES,
  type Action,
  consequences,
  doneInWords,
  NEEDS_GROUP,
  REASONS_TO_LEAVE,
} from './many-pupils';

interface ManyPupilsDialogProps {
  action: Action;
  ids: string[];
  /** The school's own. */
  years: readonly YearGroup[];
  onClose: () => void;
  /** After something was done: nothing is selected any more. */
  onDone: () => void;
}

export function ManyPupilsDialog({ action, ids, years, onClose, onDone }: ManyPupilsDialogProps) {
  const [group, setGroup] = useState<ChosenGroup | null>(null);
  const [year, setYear] = useState<YearGroup | null>(null);
  const [reason, setReason] = useState('');
  const where = group?.name ?? (year ? yearGroupName(year) : undefined);
  const ready = NEEDS_GROUP.has(action)
    ? group !== null
    : action !== 'move_to_year' || year !== null;
  /** A reason changes nothing about what will happen, so it is not asked with it. */
  const ahead: ManyPupilsChange = {
    action,
    ids,
    ...(group && { group_id: group.id }),
    ...(year && { year_group: year }),
  };
  const why = reason.trim();
  const fields = {
    make_inactive: (
      <Autocomplete
        label="Reason"
        description="Stands with each pupil, and in the activity log"
        data={[...REASONS_TO_LEAVE]}
        maxLength={200}
        required
        comboboxProps={{ withinPortal: false, shadow: 'md' }}
        value={reason}
        onChange={setReason}
      />
    ),
    make_active: null,
    move_to_year: (
      <Select
        label="Year group"
        placeholder="Choose a year group"
        comboboxProps={{ withinPortal: false, shadow: 'md' }}
        data={years.map((one) => ({ value: one, label: yearGroupName(one) }))}
        value={year}
        onChange={(chosen) => setYear(years.find((one) => one === chosen) ?? null)}
      />
    ),
    add_to_group: <GroupPicker label="Group" value={group} onChange={setGroup} />,
    remove_from_group: <GroupPicker label="Group" value={group} onChange={setGroup} />,
  };
  return (
    <ManyAtOnceDialog
      title={ACTION_NAMES[action]}
      thing="pupil"
      count={ids.length}
      fields={fields[action]}
      change={ahead}
      ready={ready}
      complete={action !== 'make_inactive' || why !== ''}
      lookAhead={() => consequencesForPupils(ahead)}
      carryOut={() => changePupils({ ...ahead, ...(why && { reason: why }) })}
      consequences={(preview) => consequences(action, preview, where)}
      doneInWords={(changed) => doneInWords(action, changed, where)}
      help={whereToLook}
      danger={action === 'make_inactive'}
      changes={['roster', 'home']}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

/** Where the roll-up is what moves them (R12). */
function whereToLook(problem: Error) {
  if (!(problem instanceof ProblemError) || problem.slug !== 'waits-for-roll-up') return null;
  return <TextLink to="/data-management/roll-up">See the roll-up</TextLink>;
}
