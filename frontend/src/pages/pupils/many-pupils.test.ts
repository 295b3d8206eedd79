import { describe, expect, it } from 'vitest';
import type { ManyPupilsPreview } from '~/api/roster';
import { consequences, doneInWords } from './many-pupils';

const THREE: ManyPupilsPreview = {
  changed: 3,
  items: [],
  in_other_class: 0,
  without_class: 0,
  class_of_other_year: 0,
};

describe('what an action for many pupils does', () => {
  it('says what else follows, and only where something does', () => {
    expect(consequences('add_to_group', THREE, '3 Blue')).toHaveLength(1);
    expect(consequences('add_to_group', { ...THREE, in_other_class: 2 }, '3 Blue')[1]).toMatch(
      /^2 of them are in another class, and will be in both/,
    );
    expect(consequences('remove_from_group', { ...THREE, without_class: 3 }, '3 Blue')).toContain(
      '3 of them are left without a class.',
    );
    expect(consequences('move_to_year', { ...THREE, class_of_other_year: 1 }, 'Year 4')[1]).toMatch(
      /^1 of them stays in a class of another year group/,
    );
    const one = { ...THREE, changed: 1, without_class: 1 };
    expect(consequences('remove_from_group', one, '3 Blue')[1]).toBe(
      'The pupil is left without a class.',
    );
  });

  it('says that the MIS does not undo it', () => {
    for (const action of ['make_inactive', 'make_active', 'move_to_year'] as const) {
      expect(consequences(action, THREE, 'Year 4').join(' ')).toContain('MIS sync');
    }
  });

  it('says so where nobody is changed', () => {
    const nobody = { ...THREE, changed: 0 };
    expect(consequences('make_active', nobody)).toEqual(['Nobody is changed by this.']);
  });

  it('is told afterwards', () => {
    expect(doneInWords('move_to_year', 1, 'Year 4')).toBe('1 pupil was moved to Year 4.');
    expect(doneInWords('make_inactive', 1200)).toBe('1,200 pupils were made inactive.');
  });
});
