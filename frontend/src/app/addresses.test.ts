/** What is read from the address bar. */
import { describe, expect, it } from 'vitest';
import { ANYTHING, listSearch } from './list-search';
import { localPath } from './local-path';

describe('where to go after signing in', () => {
  it('keeps an address of ours', () => {
    expect(localPath('/pupils?year=3')).toBe('/pupils?year=3');
  });

  it.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '', 7])(
    'refuses %s',
    (next) => expect(localPath(next)).toBeUndefined(),
  );
});

describe('the search of a list', () => {
  const read = listSearch({ year: ['R', '1', '2', '3'], group: ANYTHING });

  it('takes a year that the router has read as a number', () => {
    expect(read({ year: 3, search: 'smith', sort: '-surname' })).toMatchObject({
      year: '3',
      search: 'smith',
      sort: '-surname',
    });
  });

  it('drops what is not one of its values', () => {
    expect(read({ year: '99', other: 'x', active: 'no' })).toEqual({
      search: undefined,
      sort: undefined,
      active: undefined,
    });
  });

  it('takes any group', () => {
    expect(read({ group: '0199' }).group).toBe('0199');
  });
});
