/** The preview in words (R19). */
import { expect, it } from 'vitest';
import type { MappingPreview } from '~/api/mapping';
import { consequencesInWords } from './consequences';

const NOTHING: MappingPreview = {
  maps: 0,
  moves: 0,
  takes_apart: 0,
  ignores: 0,
  unignores: 0,
  tries_again: 0,
  creates_users: 0,
  creates_groups: 0,
  creates_pupils: 0,
  creates_parents: 0,
  changes_pupils: 0,
  changes_groups: 0,
  changes_users: 0,
  deactivates_pupils: 0,
  links_groups: 0,
  links_users: 0,
  links_pupils: 0,
  adds_memberships: 0,
  adds_teaching: 0,
  removes_links: 0,
  asks: 0,
  not_possible: 0,
  refused: [],
  without_user: [],
  sync_running: false,
  other_year: false,
};

it('says what saving does, and nothing of what it does not do', () => {
  const preview = { ...NOTHING, creates_users: 14, links_groups: 27, adds_memberships: 412 };
  expect(consequencesInWords(preview)).toEqual([
    'Creates 14 users',
    'Links 27 groups',
    'Adds 412 memberships',
  ]);
  expect(consequencesInWords(NOTHING)).toEqual([]);
});
