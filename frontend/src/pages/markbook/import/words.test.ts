import { expect, test } from 'vitest';
import { whatImportingDoes, wrongColumns } from './words';

test('the columns say who it is and what is recorded', () => {
  expect(wrongColumns(['upn', 'attainment'])).toBeUndefined();
  expect(wrongColumns(['forename', 'surname', 'comment'])).toBeUndefined();
  expect(wrongColumns(['surname', 'attainment'])).toContain('UPN');
  expect(wrongColumns(['upn', null])).toContain('attainment');
  expect(wrongColumns(['upn', 'upn', 'effort'])).toContain('Two columns');
});

test('what importing does is said in numbers', () => {
  const none = { added: 0, updated: 0, unchanged: 4, rejected: 1 };
  expect(whatImportingDoes({ ...none, added: 1 })).toBe('1 mark will be added.');
  expect(whatImportingDoes({ ...none, added: 28, updated: 2 })).toBe(
    '28 marks will be added and 2 changed.',
  );
  expect(whatImportingDoes(none)).toContain('Nothing');
});
