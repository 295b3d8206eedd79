import { describe, expect, it } from 'vitest';
import type { GroupOfRollUp, RollUpPlan } from '~/api/roll-up';
import {
  BY_NAME,
  changed,
  changedByOthers,
  chosenBefore,
  keyOf,
  NO_GROUP,
  optionsOf,
} from './places';

const row: GroupOfRollUp = {
  group_id: '3b',
  name: '3 Blue',
  kind: 'class',
  year_group: '3',
  pupils: 30,
  leaving: false,
  next_group_id: '4b',
  how: 'proposed',
  proposed_group_id: '4b',
};
const named: GroupOfRollUp = { ...row, group_id: '3r', how: 'named', next_group_id: null };
const plan = {
  groups: [row, named],
  choices: [
    { id: '4b', name: '4 Blue', kind: 'class', year_group: '4' },
    { id: 'm4', name: 'Maths', kind: 'set', year_group: '4' },
  ],
} as unknown as RollUpPlan;

describe('the table of classes', () => {
  it('starts as it was saved', () => {
    expect(chosenBefore(row)).toBe(BY_NAME);
    expect(chosenBefore(named)).toBe(NO_GROUP);
    expect(changed(plan, { [keyOf(row)]: BY_NAME })).toEqual([]);
  });

  it('sends what is different, and nothing else', () => {
    const choices = { [keyOf(row)]: '4b', [keyOf(named)]: BY_NAME };
    expect(changed(plan, choices)).toEqual([
      { group_id: '3b', year_group: '3', next_group_id: '4b', by_name: false },
      { group_id: '3r', year_group: '3', next_group_id: null, by_name: true },
    ]);
  });

  it('offers groups of the same kind, and says what the name tells', () => {
    expect(optionsOf(plan, row).map((option) => option.label)).toEqual([
      'Proposed: 4 Blue',
      'No class',
      '4 Blue (Year 4)',
    ]);
  });

  it('tells what somebody else saved, and nothing else', () => {
    const now = { ...plan, groups: [{ ...row, how: 'named' }, named] } as RollUpPlan;
    expect(changedByOthers(plan, now)).toEqual(['3 Blue, Year 3: 4 Blue (Year 4)']);
    expect(changedByOthers(now, plan)).toEqual(['3 Blue, Year 3: Proposed: 4 Blue']);
    expect(changedByOthers(plan, plan)).toEqual([]);
  });
});
