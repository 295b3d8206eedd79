/** A run in words (R23). */
import { expect, it } from 'vitest';
import type { Run } from '~/api/mis';
import { isRunning } from './link-states';
import { countsInWords, progressInWords } from './run-counts';

const NOTHING: Run['progress'] = {
  parts: null,
  parts_arrived: 0,
  batches: 0,
  batches_answered: 0,
  quiet_minutes: null,
};

function run(changes: Partial<Run>): Run {
  return {
    id: 'r1',
    cause: 'snapshot',
    state: 'applying',
    reason: null,
    started_at: '2026-11-24T02:00:00Z',
    finished_at: null,
    snapshot_taken_at: null,
    academic_year: '2026/27',
    counts: {},
    remarks: [],
    progress: NOTHING,
    ...changes,
  };
}

it('tells what changed and leaves out what did not', () => {
  const counts = { links_removed: 1, pupils_created: 3, pupils_updated: 0, pupils_applied: 3 };
  expect(countsInWords(counts)).toEqual(['3 pupils added', '1 link taken away']);
});

it('tells how far a run is', () => {
  const progress = { ...NOTHING, parts: 12, parts_arrived: 3, batches: 16, batches_answered: 5 };
  expect(progressInWords(run({ state: 'receiving', progress }))).toBe('Received 3 of 12 parts');
  expect(
    progressInWords(run({ state: 'receiving', progress: { ...progress, quiet_minutes: 12 } })),
  ).toBe('Nothing has arrived for 12 minutes; 3 of 12 parts came before');
  expect(progressInWords(run({ progress }))).toBe('Applied 5 of 16 steps');
  expect(progressInWords(run({ state: 'waiting', progress }))).toBeUndefined();
});

it('is not running once it has finished, or is held for a person', () => {
  expect(isRunning(run({}))).toBe(true);
  expect(isRunning(run({ finished_at: '2026-11-24T02:01:00Z' }))).toBe(false);
  expect(isRunning(run({ state: 'held' }))).toBe(false);
  expect(isRunning(null)).toBe(false);
  const progress = { ...NOTHING, parts: 12, parts_arrived: 3 };
  expect(isRunning(run({ progress: { ...progress, quiet_minutes: 2 } }))).toBe(false);
});
