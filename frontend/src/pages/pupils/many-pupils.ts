/** What an action for many pupils does, in words: before it is done and after. */
import type { ManyPupilsChange, ManyPupilsPreview } from '~/api/roster';
import { counted } from '~/school/words';

export type Action = ManyPupilsChange['action'];

/** Why pupils are made inactive, as offices write it most; anything else can be typed. */
export const REASONS_TO_LEAVE = [
  'Moved to another school',
  'Educated at home',
  'Moved abroad',
  'Added by mistake',
  'In the list twice',
] as const;

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
  const are = one ? 'is' : 'are';
  switch (action) {
    case 'make_inactive':
      return [
        `${pupils} ${one ? 'becomes' : 'become'} inactive, and ${are} no longer counted in classes and figures. Everything they had is kept.`,
        'The MIS sync does not make them active again, unless you hand that back to it.',
      ];
    case 'make_active':
      return [
        `${pupils} ${are} on roll again, with the details and the groups that they had.`,
        'The MIS sync does not make them leavers, unless you hand that back to it.',
      ];
    case 'move_to_year':
      return [
        `${pupils} ${one ? 'goes' : 'go'} to ${where}. The MIS sync leaves them there, unless you hand their year group back to it.`,
        ...who(preview.class_of_other_year, changed, 'stays in a class', 'stay in classes').map(
          (stay) => `${stay} of another year group. Add them to their new class as well.`,
        ),
      ];
    case 'add_to_group':
      return [
        `${pupils} ${are} added to ${where} by hand. The MIS sync does not undo it.`,
        ...who(preview.in_other_class, changed, 'is in another class', 'are in another class').map(
          (others) => `${others}, and will be in both. Take them out of the old one as well.`,
        ),
      ];
    case 'remove_from_group':
      return [
        `${pupils} ${are} taken out of ${where} by hand. The MIS sync does not put them back.`,
        ...who(preview.without_class, changed, 'is left', 'are left').map(
          (left) => `${left} without a class.`,
        ),
      ];
  }
}

/** Of how many of those who change something is true; nothing where it is of none. */
function who(count: number, changed: number, ofOne: string, ofMany: string): string[] {
  if (count === 0) return [];
  if (changed === 1) return [`The pupil ${ofOne}`];
  return [count === 1 ? `1 of them ${ofOne}` : `${count} of them ${ofMany}`];
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
