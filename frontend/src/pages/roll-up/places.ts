/** What the admin chose in the table of classes, before it is saved. */
import type { GroupOfRollUp, Place, RollUpPlan } from '~/api/roll-up';
import { yearGroupName } from '~/school/words';

export const BY_NAME = 'by-name';
export const NO_GROUP = 'none';

/** Of a row: a group's id, `BY_NAME` or `NO_GROUP`. */
export type Choices = Record<string, string>;

export function keyOf(row: GroupOfRollUp): string {
  return `${row.group_id} ${row.year_group ?? ''}`;
}

export function chosenBefore(row: GroupOfRollUp): string {
  if (row.how !== 'named') return BY_NAME;
  return row.next_group_id ?? NO_GROUP;
}

/** Those rows that are not as they were. */
export function changed(plan: RollUpPlan, choices: Choices): Place[] {
  return plan.groups.flatMap((row) => {
    const choice = choices[keyOf(row)];
    if (choice === undefined || choice === chosenBefore(row)) return [];
    return [
      {
        group_id: row.group_id,
        year_group: row.year_group,
        next_group_id: choice === BY_NAME || choice === NO_GROUP ? null : choice,
        by_name: choice === BY_NAME,
      },
    ];
  });
}

/** What was chosen after these were sent. */
export function chosenSince(sent: Choices, now: Choices): Choices {
  return Object.fromEntries(Object.entries(now).filter(([row, chosen]) => sent[row] !== chosen));
}

export interface Option {
  value: string;
  label: string;
}

/** The groups that can follow: of its own kind, those of the next year group first. */
export function optionsOf(plan: RollUpPlan, row: GroupOfRollUp): Option[] {
  const proposed = plan.choices.find((group) => group.id === row.proposed_group_id);
  return [
    { value: BY_NAME, label: `Proposed: ${proposed ? proposed.name : 'none found'}` },
    { value: NO_GROUP, label: 'No class' },
    ...plan.choices
      .filter((group) => group.kind === row.kind)
      .map((group) => ({
        value: group.id,
        label: group.year_group ? `${group.name} (${yearGroupName(group.year_group)})` : group.name,
      })),
  ];
}

/** What somebody else saved meanwhile: `3 Blue, Year 3: 4 Red`. */
export function changedByOthers(seen: RollUpPlan, now: RollUpPlan): string[] {
  const before = new Map(seen.groups.map((row) => [keyOf(row), row]));
  return now.groups.flatMap((row) => {
    const was = before.get(keyOf(row));
    if (was && chosenBefore(was) === chosenBefore(row)) return [];
    const year = row.year_group ? `, ${yearGroupName(row.year_group)}` : '';
    const choice = optionsOf(now, row).find(({ value }) => value === chosenBefore(row));
    return [`${row.name}${year}: ${choice?.label ?? 'No class'}`];
  });
}
