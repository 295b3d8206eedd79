/** The preview in words (R19). */
import { expect, it } from 'vitest';
import { consequencesInWords } from './consequences';

const NOTHING = {
  creates_users: 0,
  creates_groups: 0,
  creates_pupils: 0,
  links_groups: 0,
  links_users: 0,
  links_pupils: 0,
  removes_links: 0,
  ignores: 0,
  not_possible: 0,
};

it('says what saving does, and nothing of what it does not do', () => {
  const preview = { ...NOTHING, creates_users: 14, links_groups: 27, links_pupils: 1 };
  expect(consequencesInWords(preview)).toEqual([
    'Creates 14 users',
    'Links 27 groups',
    'Puts 1 pupil into groups',
  ]);
  expect(consequencesInWords(NOTHING)).toEqual([]);
});
