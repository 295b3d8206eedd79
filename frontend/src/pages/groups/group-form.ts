/** A group's details as a form has them, where 'mixed years' is a choice and not an absence. */
import type { GroupDetail, GroupField, NewGroup } from '~/api/groups';
import { YEAR_GROUPS, type YearGroup, yearGroupName } from '~/school/words';

export type Kind = 'class' | 'set';
export const MIXED = 'mixed';

export interface GroupValues {
  name: string;
  kind: Kind;
  year_group: YearGroup | typeof MIXED;
}

export const NO_GROUP: GroupValues = { name: '', kind: 'class', year_group: MIXED };

export const KIND_NAMES: Record<Kind, string> = { class: 'Class', set: 'Set' };
export const FIELD_NAMES: Record<GroupField, string> = {
  name: 'Name',
  kind: 'Kind',
  year_group: 'Year group',
  active: 'Active or inactive',
};
/** The fields of the form, in its order. */
export const DETAILS = ['name', 'kind', 'year_group'] as const;

export const KINDS = [
  { value: 'class', label: 'Class' },
  { value: 'set', label: 'Set' },
];
export const YEARS = [
  { value: MIXED, label: 'Mixed years' },
  ...YEAR_GROUPS.map((value) => ({ value, label: yearGroupName(value) })),
];

type Details = Pick<GroupDetail, 'name' | 'kind' | 'year_group'>;

export function valuesOf({ name, kind, year_group }: Details): GroupValues {
  return { name, kind, year_group: year_group ?? MIXED };
}

export function detailsOf({ name, kind, year_group }: GroupValues): Required<NewGroup> {
  return { name: name.trim(), kind, year_group: year_group === MIXED ? null : year_group };
}

/** `Year 3`, or that it is of no one year. */
export function yearOf(group: { year_group?: string | null }): string {
  return group.year_group ? yearGroupName(group.year_group) : 'Mixed years';
}

/** What somebody else made of the group since it was looked at: `Name is now: 3 Green`. */
export function changedMeanwhile(
  seen: GroupDetail,
  now: Readonly<Record<string, unknown>>,
): string[] {
  const lines = DETAILS.filter((field) => (now[field] ?? null) !== (seen[field] ?? null)).map(
    (field) => `${FIELD_NAMES[field]} is now: ${valueInWords(field, now[field])}`,
  );
  if (now.active !== seen.active)
    lines.push(now.active ? 'It is active now' : 'It is inactive now');
  return lines;
}

function valueInWords(field: (typeof DETAILS)[number], value: unknown): string {
  if (field === 'kind') return KIND_NAMES[value as Kind];
  if (field === 'year_group') return yearOf({ year_group: value as string | null });
  return String(value);
}
