import { expect, test } from 'vitest';
import type { Linked, MisLink } from '~/api/mis';
import { linkStep, STEP } from './link-steps';

const CONNECTOR = {
  id: '1',
  name: 'Connector',
  broker_user: 'c_1',
  created_at: '2026-11-25T10:00:00Z',
};
const CREDENTIALS = { username: 'c_1' } as Linked['credentials'];

const linked = (state: MisLink['state'], heard_at: string | null = null) =>
  ({ state, connector: { ...CONNECTOR, heard_at } }) as MisLink;

test('goes from step to step by what the link is', () => {
  const saved = { credentials: CREDENTIALS, started: false };
  const heard = '2026-11-25T10:05:00Z';
  expect(linkStep({ state: 'never_linked' } as MisLink, saved)).toBe(STEP.source);
  expect(linkStep(linked('waiting'), saved)).toBe(STEP.credentials);
  expect(linkStep(linked('waiting'), { ...saved, started: true })).toBe(STEP.connector);
  expect(linkStep(linked('waiting', heard), saved)).toBe(STEP.data);
  expect(linkStep(linked('healthy', heard), saved)).toBe(STEP.done);
});

test('goes on after a reload, when the credentials are not shown any more', () => {
  const reloaded = { credentials: undefined, started: false };
  expect(linkStep(linked('provisioning'), reloaded)).toBe(STEP.connector);
  expect(linkStep(linked('held', '2026-11-25T10:05:00Z'), reloaded)).toBe(STEP.done);
});
