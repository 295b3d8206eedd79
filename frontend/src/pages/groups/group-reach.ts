/** What making a group inactive, or active again, means for who sees whom (R14), in words. */
import type { GroupReach } from '~/api/groups';
import { counted } from '~/school/words';

/** One line for each teacher of the group. */
export function teachersInWords(reach: GroupReach, active: boolean): string[] {
  return reach.teachers.map(({ name, pupils, only_here }) => {
    if (pupils === 0) return `${name} has no pupils in it, so nothing changes for them.`;
    if (!active) return `${name} sees ${counted(only_here, 'pupil')} more.`;
    if (only_here === 0) return `${name} still sees all its pupils, by other groups.`;
    if (only_here === pupils) return `${name} no longer sees its ${counted(pupils, 'pupil')}.`;
    return `${name} no longer sees ${only_here} of its ${counted(pupils, 'pupil')}; the others they see by other groups.`;
  });
}

/** What happens to the pupils: nothing, but that a class is theirs no more. */
export function pupilsInWords(reach: GroupReach, active: boolean): string {
  const { members, only_class } = reach;
  if (members === 0) return 'No active pupils are in it.';
  const pupils = counted(members, 'pupil');
  if (!active) return `Its ${pupils} ${members === 1 ? 'is' : 'are'} in it again, and counted.`;
  const stay = `Its ${pupils} ${members === 1 ? 'stays' : 'stay'} on roll.`;
  if (only_class === 0) return stay;
  if (only_class === members) {
    return `${stay} ${members === 1 ? 'They are' : 'All are'} in no other class, and will be listed as without a class.`;
  }
  return `${stay} ${counted(only_class, 'of them is', 'of them are')} in no other class, and will be listed as without a class.`;
}
