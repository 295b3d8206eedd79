/** Which page a session goes on to. */
import { describe, expect, it } from 'vitest';
import type { Session } from '~/api/session';
import { nextStep, stepOf } from './next-step';

const session = (scope: Session['scope'], kind: Session['account']['kind'] = 'user') =>
  ({ scope, account: { kind } }) as Session;

describe('the next step', () => {
  it.each([
    ['set_password', '/first-password'],
    ['two_step', '/two-step'],
    ['set_up_two_step', '/two-step/set-up'],
    ['confirm_children', '/confirm-children'],
  ] as const)('of %s is %s', (scope, path) => {
    expect(stepOf(session(scope))).toBe(path);
    expect(nextStep(session(scope), '/pupils?year=3')).toBe(`${path}?next=%2Fpupils%3Fyear%3D3`);
  });

  it('is where one wanted to go, or home, for who is wholly signed in', () => {
    expect(stepOf(session('full'))).toBeUndefined();
    expect(nextStep(session('full'), '/pupils')).toBe('/pupils');
    expect(nextStep(session('full', 'admin'))).toBe('/');
    expect(nextStep(session('full', 'parent'))).toBe('/children');
    expect(nextStep(session('full', 'parent'), '/account')).toBe('/account');
    expect(nextStep(session('full', 'parent'), '/pupils')).toBe('/children');
  });
});
