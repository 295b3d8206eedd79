import { describe, expect, it } from 'vitest';
import { askAgainIn } from '~/api/generated-reports';
import { lettersNotPrinted, missingLines, scopeOf, sizeOf } from './words';

const pupil = (
  name: string,
  ...missing: Parameters<typeof missingLines>[0][number]['missing']
) => ({
  pupil_id: name,
  name,
  missing,
  not_printable: '',
});

describe('what is missing', () => {
  it('names whose it is, and is silent where nothing is missing', () => {
    expect(missingLines([pupil('Adams, Zoë'), pupil('Baker, Bo')])).toEqual([]);
    expect(missingLines([pupil('Adams, Zoë', 'marks'), pupil('Baker, Bo')])).toEqual([
      { what: 'No attainment', pupils: 1, who: 'Adams, Zoë' },
    ]);
  });

  it('counts those whom it does not name', () => {
    const many = Array.from({ length: 12 }, (_, n) => pupil(`P${n}`, 'marks'));
    expect(missingLines([...many, pupil('Z')])[0]?.who).toMatch(/^P0; .*P7 and 4 more$/);
    expect(missingLines(many)[0]?.who).toBe('all 12 pupils');
  });
});

it('names letters that cannot be printed once, and whose reports they are in', () => {
  const none = pupil('Adams, Zoë');
  expect(lettersNotPrinted([none])).toBeUndefined();
  const li = { ...pupil('Li, Bo'), not_printable: '李龙' };
  expect(lettersNotPrinted([none, li, { ...li, name: 'Li, Cy' }])).toEqual({
    letters: '李 龙',
    who: 'Li, Bo; Li, Cy',
  });
});

describe('asking how far it is', () => {
  const job = (state: 'running' | 'done', age: number) => ({
    state,
    asked_at: new Date(1_000_000_000 - age).toISOString(),
  });

  it('stops when nothing is made, and slows down', () => {
    expect(askAgainIn([job('done', 0)], 1_000_000_000)).toBe(false);
    expect(askAgainIn([job('running', 2_000)], 1_000_000_000)).toBe(1_000);
    expect(askAgainIn([job('running', 60_000)], 1_000_000_000)).toBe(5_000);
  });
});

it('tells classes from year groups', () => {
  expect(scopeOf('group:7')).toEqual({ kind: 'group', id: '7' });
  expect(scopeOf('year:R')).toEqual({ kind: 'year_group', year_group: 'R' });
});

it('writes sizes as people read them', () => {
  expect(sizeOf(84_600)).toBe('85 KB');
  expect(sizeOf(1_240_000)).toBe('1.2 MB');
});
