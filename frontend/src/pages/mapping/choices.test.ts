/** Choices before they are saved: what may be chosen, what is sent, what was not saved (R18, R19). */
import { describe, expect, it } from 'vitest';
import type { Difference } from '~/api/mis';
import {
  actionsFor,
  type Choices,
  choose,
  chosenTwice,
  decisionsOf,
  followSuggestions,
  isCertain,
  savedMapping,
  suggestedChoice,
} from './choices';

function difference(changes: Partial<Difference> = {}): Difference {
  return {
    id: 'd1',
    version: 3,
    kind: 'group_unmapped',
    state: 'open',
    match: 'new',
    mis_kind: 'group',
    label: '3 Blue',
    reason_code: 'new',
    reason: 'No class here has this name and year group.',
    mis: {},
    suggestion: null,
    found_at: '2026-11-24T02:00:00Z',
    ...changes,
  };
}

const SUGGESTION = { id: 'g1', label: '3 Blue', values: {} };
const NONE: Choices = new Map();

describe('what may be chosen', () => {
  it('offers all three for a group', () => {
    expect(actionsFor(difference())).toEqual(['map', 'create', 'ignore']);
  });

  it('offers nothing for a held sync, which has its own page', () => {
    expect(actionsFor(difference({ kind: 'held_run', mis_kind: 'run' }))).toEqual([]);
  });

  it('offers a link that was refused one more try, but no record to map to', () => {
    expect(actionsFor(difference({ kind: 'refused_link', mis_kind: 'link' }))).toEqual([
      'create',
      'ignore',
    ]);
  });
});

describe('suggestions', () => {
  it('maps what is matched, and creates what is new', () => {
    expect(suggestedChoice(difference({ match: 'matched', suggestion: SUGGESTION }))).toEqual({
      action: 'map',
      record: { id: 'g1', label: '3 Blue' },
    });
    expect(suggestedChoice(difference())).toEqual({ action: 'create' });
  });

  it('never counts a may match as certain', () => {
    const mayMatch = difference({ match: 'may_match', suggestion: SUGGESTION });
    expect(isCertain(mayMatch)).toBe(false);
    expect(isCertain(difference())).toBe(true);
    expect(isCertain(difference({ match: 'not_matched' }))).toBe(false);
  });

  it('leaves alone what has no suggestion', () => {
    const choices = followSuggestions(NONE, [difference({ match: 'not_matched' })]);
    expect(choices.size).toBe(0);
  });
});

describe('what is sent', () => {
  it('names the version that was looked at', () => {
    const choices = choose(NONE, ['d1'], { action: 'ignore' });
    expect(decisionsOf(choices, [difference()])).toEqual([
      { difference_id: 'd1', action: 'ignore', record_id: undefined, expected_version: 3 },
    ]);
  });

  it('leaves out a map without a record, and a difference that is gone', () => {
    const choices = choose(NONE, ['d1', 'gone'], { action: 'map', record: null });
    expect(decisionsOf(choices, [difference()])).toEqual([]);
  });

  it('takes a choice back', () => {
    const chosen = choose(NONE, ['d1'], { action: 'create' });
    expect(choose(chosen, ['d1'], undefined).size).toBe(0);
    expect(chosen.size).toBe(1);
  });
});

it('finds a record that two were mapped to', () => {
  const record = { id: 'g1', label: '3 Blue' };
  const both = [difference(), difference({ id: 'd2' })];
  expect(chosenTwice(choose(NONE, ['d1', 'd2'], { action: 'map', record }), both)).toEqual([
    record,
  ]);
  expect(chosenTwice(choose(NONE, ['d1'], { action: 'map', record }), both)).toEqual([]);
});

it('names what was not saved, since it may be gone from the list', () => {
  const saved = savedMapping(
    {
      run_id: 'r1',
      counts: {},
      results: [
        { difference_id: 'd1', outcome: 'conflict', detail: 'Somebody else was faster.' },
        { difference_id: 'd2', outcome: 'created', detail: null },
      ],
    },
    [difference()],
  );
  expect(saved).toEqual({
    done: 1,
    failed: [{ id: 'd1', label: '3 Blue', detail: 'Somebody else was faster.' }],
    runs: true,
  });
});
