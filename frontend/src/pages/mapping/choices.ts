/**
 * What the admin has chosen for each difference before it is saved, and what may be chosen (R18,
 * R19). Pure functions: the page keeps the result in its state.
 */
import type { Decision, Difference, MappingResult } from '~/api/mis';

export type Choice =
  | { action: 'map'; record: ChosenRecord | null }
  | { action: 'create' }
  | { action: 'ignore' };

export interface ChosenRecord {
  id: string;
  label: string;
}

/** By difference. A choice to map without a record is not complete yet. */
export type Choices = ReadonlyMap<string, Choice>;

export type RecordKind = 'group' | 'user' | 'pupil' | 'parent';

/** The records that a difference can be mapped to; null where mapping makes no sense. */
export function recordKindOf(difference: Difference): RecordKind | null {
  switch (difference.kind) {
    case 'group_unmapped':
    case 'refused_group':
      return 'group';
    case 'staff_suggestion':
    case 'staff_email_clash':
    case 'staff_email_changed':
    case 'refused_staff':
      return 'user';
    case 'contact_suggestion':
    case 'contact_email_changed':
    case 'refused_contact':
      return 'parent';
    case 'pupil_upn_changed':
    case 'pupil_suggestion':
    case 'refused_pupil':
      return 'pupil';
    default:
      return null;
  }
}

export function actionsFor(difference: Difference): Choice['action'][] {
  const actions: Choice['action'][] = [];
  if (recordKindOf(difference)) actions.push('map');
  if (CAN_CREATE.has(difference.kind) || isTryAgain(difference)) actions.push('create');
  if (difference.kind !== 'held_run') actions.push('ignore');
  return actions;
}

const CAN_CREATE = new Set<Difference['kind']>([
  'group_unmapped',
  'staff_suggestion',
  'staff_email_clash',
  'pupil_suggestion',
  'pupil_upn_changed',
  'contact_suggestion',
  'contact_email_changed',
]);

/** For what was refused, to create is one more try, after what stood in the way is gone. */
const CAN_TRY_AGAIN = new Set<Difference['kind']>([
  'refused_group',
  'refused_staff',
  'refused_pupil',
  'refused_contact',
  'refused_link',
]);

export function isTryAgain(difference: Difference): boolean {
  return CAN_TRY_AGAIN.has(difference.kind);
}

/** The choice that follows the suggestion, where there is one. */
export function suggestedChoice({ match, suggestion }: Difference): Choice | undefined {
  if (suggestion && (match === 'matched' || match === 'may_match')) {
    return { action: 'map', record: { id: suggestion.id, label: suggestion.label } };
  }
  return match === 'new' ? { action: 'create' } : undefined;
}

/** A 'may match' is for a person to look at one by one; these are not. */
export function isCertain(difference: Difference): boolean {
  return difference.match !== 'may_match' && suggestedChoice(difference) !== undefined;
}

export function choose(
  choices: Choices,
  ids: Iterable<string>,
  choice: Choice | undefined,
): Choices {
  const changed = new Map(choices);
  for (const id of ids) {
    if (choice) changed.set(id, choice);
    else changed.delete(id);
  }
  return changed;
}

/** Chooses the suggestion for each of these differences that has one. */
export function followSuggestions(choices: Choices, differences: readonly Difference[]): Choices {
  const changed = new Map(choices);
  for (const difference of differences) {
    const choice = suggestedChoice(difference);
    if (choice) changed.set(difference.id, choice);
  }
  return changed;
}

/** The complete choices as they are sent. A difference that is gone is left out. */
export function decisionsOf(choices: Choices, differences: readonly Difference[]): Decision[] {
  return differences.flatMap((difference): Decision[] => {
    const choice = choices.get(difference.id);
    if (!choice || (choice.action === 'map' && !choice.record)) return [];
    return [
      {
        difference_id: difference.id,
        action: choice.action,
        record_id: choice.action === 'map' ? choice.record?.id : undefined,
        expected_version: difference.version,
      },
    ];
  });
}

/** Two MIS records mapped to one record here: allowed for nobody, so better said before saving. */
export function chosenTwice(choices: Choices, differences: readonly Difference[]): ChosenRecord[] {
  const seen = new Set<string>();
  const twice = new Map<string, ChosenRecord>();
  for (const { id } of differences) {
    const choice = choices.get(id);
    if (choice?.action !== 'map' || !choice.record) continue;
    if (seen.has(choice.record.id)) twice.set(choice.record.id, choice.record);
    seen.add(choice.record.id);
  }
  return [...twice.values()];
}

/** What became of a save, in words that outlive the list, which has changed since. */
export interface SavedMapping {
  done: number;
  failed: { id: string; label: string; detail: string }[];
  /** The sync goes on with what was settled. */
  runs: boolean;
}

export function savedMapping(
  { results, run_id }: MappingResult,
  differences: readonly Difference[],
): SavedMapping {
  const failed = results.filter(({ outcome }) => NOT_SAVED.has(outcome));
  return {
    done: results.length - failed.length,
    failed: failed.map(({ difference_id: id, detail }) => ({
      id,
      label: differences.find((one) => one.id === id)?.label ?? 'A difference',
      detail: detail ?? 'Someone else was faster.',
    })),
    runs: run_id !== null,
  };
}

const NOT_SAVED = new Set(['conflict', 'refused', 'not_found']);
