import { expect, test } from 'vitest';
import type { RunChange } from '~/api/mis';
import { fieldInWords, whatWasDone } from './change-words';

function change(given: Partial<RunChange>): RunChange {
  return {
    kind: 'pupil',
    record_id: '1',
    label: 'Maya Patel',
    action: 'create',
    outcome: 'applied',
    group_id: null,
    group: null,
    reason: null,
    fields: [],
    ...given,
  };
}

test('what was done names the group of a link', () => {
  expect(whatWasDone(change({}))).toBe('Added');
  expect(whatWasDone(change({ kind: 'member', action: 'add', group: '3 Blue' }))).toBe(
    'Put into 3 Blue',
  );
  expect(whatWasDone(change({ kind: 'teacher', action: 'remove', group: '3 Blue' }))).toBe(
    'Unlinked from 3 Blue',
  );
});

test('a field says what it was and what it is', () => {
  expect(fieldInWords({ field: 'legal_surname', before: 'Patel', after: 'Okafor' })).toBe(
    'Surname: Patel → Okafor',
  );
  expect(fieldInWords({ field: 'date_of_birth', before: null, after: '2018-09-01' })).toBe(
    'Date of birth: nothing → 1 Sept 2018',
  );
  expect(fieldInWords({ field: 'year_group', before: '3', after: '4' })).toBe(
    'Year: Year 3 → Year 4',
  );
  expect(fieldInWords({ field: 'former_upns', before: [], after: ['A', 'B'] })).toBe(
    'Former UPNs: nothing → A, B',
  );
});

test('of a parent, which children came and went', () => {
  const linked = { field: 'children_linked', before: null, after: 'Ada Larch, Ben Larch' };
  expect(fieldInWords(linked)).toBe('Linked to: Ada Larch, Ben Larch');
  const unlinked = { field: 'children_unlinked', before: 'Ada Larch', after: null };
  expect(fieldInWords(unlinked)).toBe('Unlinked from: Ada Larch');
});

test('of an optional field only that it changed', () => {
  expect(fieldInWords({ field: 'sen_provision', before: null, after: null })).toBe('SEN changed');
});
