import { describe, expect, it } from 'vitest';
import type { ManyUsersPreview } from '~/api/users';
import { consequences, doneInWords } from './many-users';

const NOTHING: ManyUsersPreview = {
  changed: 0,
  items: [],
  signs_out: 0,
  sends_links: 0,
  must_be_reset: 0,
};

describe('what an action for many users does', () => {
  it('says who is signed out, and only where somebody is', () => {
    const lines = consequences('make_inactive', { ...NOTHING, changed: 3, signs_out: 1 });
    expect(lines[0]).toMatch(/^3 users become inactive/);
    expect(lines[1]).toBe('1 is signed in now, and is signed out at once.');
    expect(consequences('make_inactive', { ...NOTHING, changed: 1 })).toHaveLength(1);
  });

  it('tells the default from a link', () => {
    const lines = consequences('reset_password', { ...NOTHING, changed: 3, sends_links: 1 });
    expect(lines).toContain('1 head or deputy will be sent a link.');
    expect(lines.some((line) => line.startsWith('2 users will sign in with'))).toBe(true);
    const leader = consequences('reset_password', { ...NOTHING, changed: 1, sends_links: 1 });
    expect(leader.some((line) => line.includes('default'))).toBe(false);
  });

  it('says so where nobody is changed', () => {
    expect(consequences('link', NOTHING, '3 Blue')).toEqual(['Nobody is changed by this.']);
  });

  it('is told afterwards', () => {
    expect(doneInWords('unlink', 1, '3 Blue')).toBe('1 user was unlinked from 3 Blue.');
    expect(doneInWords('reset_password', 2)).toBe('2 passwords were reset.');
  });
});
