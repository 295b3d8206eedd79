/**
 * What the admin has chosen for each difference before it is saved, and what may be chosen (R18,
 * R19). Pure functions: the page keeps the result in its state.
 */
import type { Decision, Difference, MappingResult } from '~/api/mapping';

export type Choice =
  | { action: 'map'; record: ChosenRecord | null }
  | { action: 'create' }
  | { action: 'ignore' };

export interface ChosenRecord {
  id: string;
  label: string;
}

/** With the version that was looked at: what somebody else does later makes it old. */
export type Chosen = Choice & { version: number };

/** By difference. A choice to map without a record is not complete yet. */
export type Choices = ReadonlyMap<string, Chosen>;

export type RecordKind = 'group' | 'user' | 'pupil' | 'parent';

/** The records that a difference can be mapped to; null where mapping makes no sense. */
export function recordKindOf({ actions, mis_kind }: Difference): RecordKind | null {
  return actions.includes('map') ? pickedFor(mis_kind) : null;
}

export function pickedFor(kind: string): RecordKind | null {
  if (kind === 'staff') return 'user';
  if (kind === 'contact') return 'parent';
  return kind === 'group' || kind === 'pupil' ? kind : null;
}

/** What may be done, as the server says it, but for taking back what is ignored. */
export function actionsFor({ actions }: Difference): Choice['action'][] {
  return actions.filter((action) => action !== 'unignore');
}

export function isComplete(choice: Choice | undefined): boolean {
  return choice !== undefined && (choice.action !== 'map' || choice.record !== null);
}

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

/** Chooses the same for each, or nothing. Left out is whoever it is not possible for. */
export function choose(
  choices: Choices,
  differences: Iterable<Difference>,
  choice: Choice | undefined,
): Choices {
  const changed = new Map(choices);
  for (const difference of differences) {
    const { id, version } = difference;
    if (!choice) changed.delete(id);
    else if (actionsFor(difference).includes(choice.action))
      changed.set(id, { ...choice, version });
  }
  return changed;
}

/** Chooses the suggestion for each of these differences that has one. */
export function followSuggestions(choices: Choices, differences: readonly Difference[]): Choices {
  return differences.reduce<Choices>((changed, difference) => {
    const choice = suggestedChoice(difference);
    return choice ? choose(changed, [difference], choice) : changed;
  }, choices);
}

/** Without those that somebody else has decided, or changed, since. */
export function without(choices: Choices, ids: Iterable<string>): Choices {
  const left = new Map(choices);
  for (const id of ids) left.delete(id);
  return left;
}

/** The complete choices as they are sent. A difference that is gone is left out. */
export function decisionsOf(choices: Choices, differences: readonly Difference[]): Decision[] {
  return differences.flatMap((difference): Decision[] => {
    const choice = choices.get(difference.id);
    if (!choice || !isComplete(choice)) return [];
    return [
      {
        difference_id: difference.id,
        action: choice.action,
        record_id: choice.action === 'map' ? choice.record?.id : undefined,
        expected_version: choice.version,
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
      detail: detail ?? 'It is not possible as things are now.',
    })),
    runs: run_id !== null,
  };
}

const NOT_SAVED = new Set(['refused', 'not_found']);
