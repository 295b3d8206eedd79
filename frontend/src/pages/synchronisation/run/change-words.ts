/** What a run did with one record, in words (R23). */
import type { FieldChange, RunChange } from '~/api/mis';
import { NAMES } from '~/pages/mapping/facts';
import { formatDate, yearGroupName } from '~/school/words';

export const CHANGE_KINDS = ['pupil', 'group', 'staff', 'parent', 'member', 'teacher'] as const;
export const CHANGE_OUTCOMES = ['applied', 'overridden', 'waiting', 'stale', 'refused'] as const;

export const KIND_NAMES: Record<RunChange['kind'], string> = {
  pupil: 'Pupils',
  group: 'Groups',
  staff: 'Users',
  parent: 'Parents',
  member: 'Pupils in groups',
  teacher: 'Users linked to groups',
};

export const OUTCOME_NAMES: Record<RunChange['outcome'], string> = {
  applied: 'Done',
  overridden: 'Left as set by hand',
  waiting: 'Waits for the other side',
  stale: 'Changed here meanwhile',
  refused: 'Not done',
};

const DONE: Record<string, string> = {
  create: 'Added',
  update: 'Changed',
  deactivate: 'Made inactive',
  reactivate: 'Made active again',
};

/** `Added`, `Put into 3 Blue`, `Unlinked from 3 Blue`. */
export function whatWasDone({ kind, action, group }: RunChange): string {
  if (kind === 'member') return action === 'add' ? `Put into ${group}` : `Taken out of ${group}`;
  if (kind === 'teacher') return action === 'add' ? `Linked to ${group}` : `Unlinked from ${group}`;
  return DONE[action] ?? action;
}

const FIELDS: Record<string, string> = {
  ...NAMES,
  ethnicity: 'Ethnicity',
  first_language: 'First language',
  sen_provision: 'SEN',
  free_school_meals: 'Free school meals',
  pupil_premium: 'Pupil premium',
  in_care: 'In care',
};

/** A parent's, whom the MIS gave or has no longer; by name. */
const CHILDREN: Record<string, string> = {
  children_linked: 'Linked to',
  children_unlinked: 'Unlinked from',
};

/** `Surname: Patel → Okafor`; of an optional field only that it changed. */
export function fieldInWords({ field, before, after }: FieldChange): string {
  const children = CHILDREN[field];
  if (children) return `${children}: ${inWords(field, after ?? before) ?? 'changed'}`;
  const name = FIELDS[field] ?? field;
  const now = inWords(field, after);
  if (now === null) return `${name} changed`;
  return `${name}: ${inWords(field, before) ?? 'nothing'} → ${now}`;
}

function inWords(field: string, value: unknown): string | null {
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : null;
  if (typeof value !== 'string' || value === '') return null;
  if (field === 'date_of_birth') return formatDate(value);
  if (field === 'year_group') return yearGroupName(value);
  return value;
}
