/** What putting many people into a group does, in words: before it is done and after. */
import type { MembersChanged, People } from '~/api/groups';
import { counted } from '~/school/words';

export function titleOf(people: People, group: string, present: boolean): string {
  if (people === 'users') return present ? `Link to ${group}` : `Unlink from ${group}`;
  return present ? `Put into ${group}` : `Take out of ${group}`;
}

/** Line by line; nothing for what does not happen. */
export function whatItDoes(
  people: People,
  group: string,
  present: boolean,
  looked: MembersChanged,
): string[] {
  if (looked.changed === 0) return ['Nobody is changed by this.'];
  const are = looked.changed === 1 ? 'is' : 'are';
  const lines = [
    `${counted(looked.changed, thing(people))} ${are} ${deed(people, group, present)} by hand.`,
  ];
  lines.push(
    present
      ? 'The MIS sync does not undo it, until you hand it back.'
      : 'The MIS sync does not put it back, until you hand it back.',
  );
  const elsewhere = looked.items.filter(({ note }) => note).length;
  if (elsewhere > 0) {
    lines.push(
      `${counted(elsewhere, 'pupil stays', 'pupils stay')} in another class as well, until you take them out there.`,
    );
  }
  return lines;
}

export function doneInWords(
  people: People,
  group: string,
  present: boolean,
  changed: number,
): string {
  const were = changed === 1 ? 'was' : 'were';
  return `${counted(changed, thing(people))} ${were} ${deed(people, group, present)}.`;
}

function thing(people: People): string {
  return people === 'users' ? 'user' : 'pupil';
}

function deed(people: People, group: string, present: boolean): string {
  if (people === 'users') return present ? `linked to ${group}` : `unlinked from ${group}`;
  return present ? `put into ${group}` : `taken out of ${group}`;
}
