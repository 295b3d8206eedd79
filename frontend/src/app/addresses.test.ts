/** What is read from the address bar. */
import { describe, expect, it } from 'vitest';
import { ANYTHING, listSearch } from './list-search';
import { localPath } from './local-path';
import { parseSearch, stringifySearch } from './plain-search';

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

  it('comes back from the address as it went there', () => {
    const search = read({ year: '3', search: "O'Neill & co", sort: '-surname', active: 'false' });
    expect(search).toEqual({ year: '3', search: "O'Neill & co", sort: '-surname', active: false });
    expect(read(parseSearch(stringifySearch(search)))).toEqual(search);
    expect(stringifySearch(read({ year: '3' }))).toBe('?year=3');
    expect(stringifySearch({})).toBe('');
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
