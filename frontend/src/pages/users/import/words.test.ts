import { describe, expect, test } from 'vitest';
import { whatImportingDoes, wrongColumns } from './words';

describe('the columns of a file', () => {
  test('need names, or something that tells who is meant', () => {
    expect(wrongColumns(['forename', 'surname', null])).toBeUndefined();
    expect(wrongColumns(['email', null])).toBeUndefined();
    expect(wrongColumns(['username', 'title'])).toBeUndefined();
    expect(wrongColumns([null, 'surname'])).toContain('first name and the surname');
  });

  test('are each one detail', () => {
    expect(wrongColumns(['email', 'surname', 'email'])).toContain('Two columns');
    expect(wrongColumns(['email', null, null])).toBeUndefined();
  });
});

test('what importing does is said in numbers', () => {
  const none = { added: 0, updated: 0, unchanged: 4, rejected: 1 };
  expect(whatImportingDoes({ ...none, added: 1 })).toBe('1 user will be added.');
  expect(whatImportingDoes({ ...none, added: 12, updated: 3 })).toBe(
    '12 users will be added and 3 updated.',
  );
  expect(whatImportingDoes(none)).toContain('Nothing');
});
