/** The school's words. */
import { expect, it } from 'vitest';
import {
  counted,
  formatDate,
  formatMoment,
  momentWithin,
  yearGroupName,
  yearGroupsBetween,
} from './words';

it('names year groups', () => {
  expect(['N2', 'R', '6'].map(yearGroupName)).toEqual(['Nursery 2', 'Reception', 'Year 6']);
  expect(yearGroupsBetween('R', '2')).toEqual(['R', '1', '2']);
});

it('counts', () => {
  expect([counted(1, 'pupil'), counted(1420, 'pupil'), counted(2, 'class', 'classes')]).toEqual([
    '1 pupil',
    '1,420 pupils',
    '2 classes',
  ]);
});

it('tells times in the school’s own day', () => {
  const now = new Date('2026-07-01T23:30:00Z'); // 00:30 on 2 July in London
  expect(formatMoment('2026-07-01T23:10:00Z', now)).toBe('Today at 00:10');
  expect(formatMoment('2026-07-01T22:10:00Z', now)).toBe('Yesterday at 23:10');
  expect(formatMoment('2026-01-05T02:10:00Z', now)).toBe('5 Jan 2026 at 02:10');
  expect(momentWithin('Today at 00:10')).toBe('today at 00:10');
  expect(formatDate('2018-09-01')).toBe('1 Sept 2018');
});
