import { describe, expect, it } from 'vitest';
import type { User } from '~/api/users';
import { detailsOf, NOBODY, valuesOf } from './user-form';

describe('the details of a user in a form', () => {
  it('make a head one of the SLT', () => {
    const sent = detailsOf({ ...NOBODY, position: 'head' });
    expect([sent.role, sent.leadership]).toEqual(['slt', 'head']);
  });

  it('take away what is left empty', () => {
    const sent = detailsOf({ ...NOBODY, title: ' ', email: '', forename: ' Jo ' });
    expect([sent.title, sent.email, sent.forename]).toEqual([null, null, 'Jo']);
  });

  it('come back as they were', () => {
    const user = {
      title: null,
      forename: 'Jo',
      surname: 'Smith',
      email: null,
      staff_code: 'JSM',
      role: 'slt',
      leadership: 'deputy',
    } as User;
    expect(valuesOf(user).position).toBe('deputy');
    expect(detailsOf(valuesOf(user))).toEqual(user);
  });
});
