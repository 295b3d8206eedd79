import { describe, expect, it } from 'vitest';
import type { DetailsSettings } from '~/api/settings';
import {
  detailInWords,
  detailsOf,
  validateDetails,
  valuesOf,
  yearGroupsLost,
} from './school-details';

const SAVED: DetailsSettings = {
  version: 3,
  name: 'Heron Park',
  address_line_1: null,
  address_line_2: null,
  town: 'Derby',
  postcode: 'DE1 1AA',
  telephone: null,
  contact_email: null,
  first_year_group: 'R',
  last_year_group: '6',
};

describe('details', () => {
  it('go into the form and out of it as they are', () => {
    const { version: _, ...details } = SAVED;
    expect(detailsOf(valuesOf(SAVED))).toEqual(details);
  });

  it('that were emptied are taken away', () => {
    expect(detailsOf({ ...valuesOf(SAVED), town: '  ' }).town).toBeNull();
  });

  it('are said in words', () => {
    expect(detailInWords('first_year_group', 'R')).toBe('Reception');
    expect(detailInWords('town', null)).toBe('');
  });
});

describe('year groups', () => {
  it('are in order', () => {
    const values = { ...valuesOf(SAVED), first_year_group: '3' as const };
    expect(validateDetails.last_year_group('2', values)).toBe('Year 2 comes before Year 3');
    expect(validateDetails.last_year_group('3', values)).toBeNull();
  });

  it('that a school would no longer have are known', () => {
    expect(yearGroupsLost(SAVED, '1', '4')).toEqual(['R', '5', '6']);
    expect(yearGroupsLost(SAVED, 'N1', '8')).toEqual([]);
  });
});
