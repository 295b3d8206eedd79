/** The groups of a pupil: added, taken out, and handed back to the MIS (R13). */
import type { PupilDetail } from '~/api/pupils';
import type { GroupReference } from '~/api/users';
import { GroupsOfPerson } from '~/components/GroupsOfPerson';
import { BY_HAND_STAYS } from '~/components/link-by-hand';
import { yearGroupName } from '~/school/words';

interface PupilGroupsProps {
  pupil: PupilDetail;
  /** Groups that the pupil was taken out of by hand. */
  removed: readonly GroupReference[];
}

const WORDS = {
  none: 'In no group.',
  linked: 'Groups of the pupil',
  unlink: 'Take out',
  unlinkOne: (name: string) => `Take out of ${name}`,
  linkAgain: 'Put back',
  linkOneAgain: (name: string) => `Put back into ${name}`,
  unlinked: 'Taken out by hand',
  add: 'Put into another group',
  addOne: 'Put in',
};

export function PupilGroups({ pupil, removed }: PupilGroupsProps) {
  return (
    <GroupsOfPerson
      people="pupils"
      personId={pupil.id}
      groups={pupil.groups}
      unlinked={removed}
      words={WORDS}
      touched={['roster', 'activity']}
      about={kindAndYear}
    >
      {BY_HAND_STAYS}
    </GroupsOfPerson>
  );
}

function kindAndYear(group: GroupReference): string {
  const kind = group.kind === 'class' ? 'Class' : 'Set';
  return group.year_group ? `${kind}, ${yearGroupName(group.year_group)}` : kind;
}
