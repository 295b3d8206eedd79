/** Choices before they are saved: what may be chosen, what is sent, what was not saved (R18, R19). */
import { describe, expect, it } from 'vitest';
import type { Difference } from '~/api/mapping';
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
  without,
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
    actions: ['map', 'create', 'ignore'],
    found_at: '2026-11-24T02:00:00Z',
    ...changes,
  };
}

const SUGGESTION = { id: 'g1', label: '3 Blue', values: {} };
const NONE: Choices = new Map();

it('offers what the server says may be done, and taking back elsewhere', () => {
  expect(actionsFor(difference())).toEqual(['map', 'create', 'ignore']);
  expect(actionsFor(difference({ actions: ['map', 'unignore'] }))).toEqual(['map']);
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
    const choices = choose(NONE, [difference()], { action: 'ignore' });
    expect(decisionsOf(choices, [difference({ version: 4 })])).toEqual([
      { difference_id: 'd1', action: 'ignore', record_id: undefined, expected_version: 3 },
    ]);
  });

  it('leaves out a map without a record, and a difference that is gone', () => {
    const choices = choose(NONE, [difference()], { action: 'map', record: null });
    expect(decisionsOf(choices, [difference()])).toEqual([]);
    expect(decisionsOf(choose(NONE, [difference()], { action: 'create' }), [])).toEqual([]);
  });

  it('takes a choice back', () => {
    const chosen = choose(NONE, [difference()], { action: 'create' });
    expect(choose(chosen, [difference()], undefined).size).toBe(0);
    expect(chosen.size).toBe(1);
  });

  it('leaves out of a choice for many whoever it is not possible for', () => {
    const link = difference({ id: 'd2', actions: ['create', 'ignore'] });
    const both = choose(NONE, [difference(), link], { action: 'map', record: SUGGESTION });
    expect([...both.keys()]).toEqual(['d1']);
  });

  it('keeps the other choices where somebody else was faster with one', () => {
    const two = choose(NONE, [difference(), difference({ id: 'd2' })], { action: 'create' });
    expect([...without(two, ['d1']).keys()]).toEqual(['d2']);
  });
});

it('finds a record that two were mapped to', () => {
  const record = { id: 'g1', label: '3 Blue' };
  const both = [difference(), difference({ id: 'd2' })];
  const [first] = both as [Difference, Difference];
  expect(chosenTwice(choose(NONE, both, { action: 'map', record }), both)).toEqual([record]);
  expect(chosenTwice(choose(NONE, [first], { action: 'map', record }), both)).toEqual([]);
});

it('names what was not saved, since it may be gone from the list', () => {
  const saved = savedMapping(
    {
      run_id: 'r1',
      counts: {},
      results: [
        { difference_id: 'd1', outcome: 'refused', detail: 'It is mapped already.' },
        { difference_id: 'd2', outcome: 'created', detail: null },
      ],
    },
    [difference()],
  );
  expect(saved).toEqual({
    done: 1,
    failed: [{ id: 'd1', label: '3 Blue', detail: 'It is mapped already.' }],
    runs: true,
  });
});
