/** What an action for many pupils does, in words: before it is done and after. */
import type { ManyPupilsChange, ManyPupilsPreview } from '~/api/roster';
import { counted } from '~/school/words';

export type Action = ManyPupilsChange['action'];

export const ACTION_NAMES: Record<Action, string> = {
  make_inactive: 'Make inactive',
  make_active: 'Make active',
  move_to_year: 'Move to a year group',
  add_to_group: 'Add to a group',
  remove_from_group: 'Take out of a group',
};

export const NEEDS_GROUP: ReadonlySet<Action> = new Set(['add_to_group', 'remove_from_group']);

/** What doing it means, line by line; nothing for what does not happen. `where` is a group or a year. */
export function consequences(action: Action, preview: ManyPupilsPreview, where = ''): string[] {
  const { changed } = preview;
  if (changed === 0) return ['Nobody is changed by this.'];
  const pupils = counted(changed, 'pupil');
  const one = changed === 1;
  switch (action) {
    case 'make_inactive':
      return [
        `${pupils} ${one ? 'becomes' : 'become'} inactive and no longer ${one ? 'counts' : 'count'} anywhere. Everything they had is kept.`,
        'The MIS sync does not make them active again, until that is handed back to it.',
      ];
    case 'make_active':
      return [
        `${pupils} ${one ? 'is' : 'are'} on roll again, with the details and the groups that they had.`,
        'The MIS sync does not make them leavers, until that is handed back to it.',
      ];
    case 'move_to_year':
      return [
        `${pupils} ${one ? 'goes' : 'go'} to ${where}. The MIS sync leaves them there until their year group is handed back to it.`,
        ...inClassOfOtherYear(preview.class_of_other_year),
      ];
    case 'add_to_group':
      return [
        `${pupils} ${one ? 'is' : 'are'} added to ${where} by hand. The MIS sync does not undo it.`,
        ...inOtherClass(preview.in_other_class),
      ];
    case 'remove_from_group':
      return [
        `${pupils} ${one ? 'is' : 'are'} taken out of ${where} by hand. The MIS sync does not put them back.`,
        ...withoutClass(preview.without_class),
      ];
  }
}

function inClassOfOtherYear(count: number): string[] {
  if (count === 0) return [];
  const stay = count === 1 ? '1 of them stays in a class' : `${count} of them stay in classes`;
  return [`${stay} of another year group. Change that by adding them to their new class.`];
}

function inOtherClass(count: number): string[] {
  if (count === 0) return [];
  const are = count === 1 ? '1 of them is' : `${count} of them are`;
  return [
    `${are} in another class too, and will be in both. Take them out of the old one as well.`,
  ];
}

function withoutClass(count: number): string[] {
  if (count === 0) return [];
  return [`${count} of them will be without a class.`];
}

/** What was done. */
export function doneInWords(action: Action, changed: number, where = ''): string {
  const were = changed === 1 ? '1 pupil was' : `${counted(changed, 'pupil')} were`;
  switch (action) {
    case 'make_inactive':
      return `${were} made inactive.`;
    case 'make_active':
      return `${were} made active.`;
    case 'move_to_year':
      return `${were} moved to ${where}.`;
    case 'add_to_group':
      return `${were} added to ${where}.`;
    case 'remove_from_group':
      return `${were} taken out of ${where}.`;
  }
}
