/** What an office reads before and after many people are put into a group. */
import { expect, it } from 'vitest';
import type { MemberFate, MembersChanged } from '~/api/groups';
import { doneInWords, whatItDoes } from './many-links';

const fate = (note: string | null): MemberFate => ({
  person_id: '1',
  name: 'Zoë Hall',
  version: 0,
  outcome: 'changed',
  reason: null,
  note,
});
const looked = (...notes: (string | null)[]): MembersChanged => ({
  changed: notes.length,
  items: notes.map(fate),
});

it('says who stays in another class', () => {
  expect(whatItDoes('pupils', '3 Blue', true, looked('Is in 3 Red too.', null))).toEqual([
    '2 pupils are put into 3 Blue by hand.',
    'The MIS sync does not undo it, until you hand it back.',
    '1 pupil stays in another class as well, until you take them out there.',
  ]);
});

it('says where nobody is changed, and what was done', () => {
  expect(whatItDoes('users', '3 Blue', false, looked())).toEqual(['Nobody is changed by this.']);
  expect(doneInWords('users', '3 Blue', false, 1)).toBe('1 user was unlinked from 3 Blue.');
});
