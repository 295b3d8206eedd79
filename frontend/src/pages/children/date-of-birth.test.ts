/** Which typed dates are days of the calendar. */
import { describe, expect, it } from 'vitest';
import { isoDate, NO_DATE } from './date-of-birth';

describe('a typed date', () => {
  it.each([
    ['17', '5', '2018', '2018-05-17'],
    [' 3', '11 ', '2020', '2020-11-03'],
    ['29', '02', '2020', '2020-02-29'],
  ])('%s %s %s is %s', (day, month, year, iso) => {
    expect(isoDate({ day, month, year })).toBe(iso);
  });

  it.each([
    ['29', '2', '2019'],
    ['31', '4', '2018'],
    ['5', '17', '2018'],
    ['17', '5', '18'],
    ['17', 'May', '2018'],
    ['0', '5', '2018'],
  ])('%s %s %s is none', (day, month, year) => {
    expect(isoDate({ day, month, year })).toBeUndefined();
  });

  it('is none while nothing is typed', () => {
    expect(isoDate(NO_DATE)).toBeUndefined();
  });
});
