/** One action for many users: what it will do, shown before it is done, and what it did. */
import { useState } from 'react';
import { changeUsers, consequencesForUsers, type ManyUsersChange } from '~/api/users';
import { type ChosenGroup, GroupPicker } from '~/components/GroupPicker';
import { ManyAtOnceDialog } from '~/components/ManyAtOnceDialog';
import { ACTION_NAMES, type Action, consequences, doneInWords, NEEDS_GROUP } from './many-users';

interface ManyUsersDialogProps {
  action: Action;
  ids: string[];
  onClose: () => void;
  /** After something was done: nothing is selected any more. */
  onDone: () => void;
}

export function ManyUsersDialog({ action, ids, onClose, onDone }: ManyUsersDialogProps) {
  const [group, setGroup] = useState<ChosenGroup | null>(null);
  const needsGroup = NEEDS_GROUP.has(action);
  const change: ManyUsersChange = { action, ids, ...(group && { group_id: group.id }) };
  return (
    <ManyAtOnceDialog
      title={ACTION_NAMES[action]}
      thing="user"
      count={ids.length}
      fields={needsGroup && <GroupPicker label="Group" value={group} onChange={setGroup} />}
      change={change}
      ready={!needsGroup || group !== null}
      lookAhead={() => consequencesForUsers(change)}
      carryOut={() => changeUsers(change)}
      consequences={(preview) => consequences(action, preview, group?.name)}
      doneInWords={(changed) => doneInWords(action, changed, group?.name)}
      danger={action === 'make_inactive'}
      changes={['users', 'roster']}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
