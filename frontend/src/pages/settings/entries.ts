/** Lists of settings from which nothing is deleted: entries with an id once they are saved (R6). */

export interface EntryValues {
  /** Tells rows apart while some have no id yet. */
  key: string;
  id: string | null;
  name: string;
  active: boolean;
}

let made = 0;

export function newKey(): string {
  made += 1;
  return `new-${made}`;
}

/** A saved entry as a form has it. */
export function withKey<Saved extends { id: string }>(saved: Saved): Saved & { key: string } {
  return { ...saved, key: saved.id };
}

/** A form's entry as it is sent. */
export function withoutKey<Values extends EntryValues>({ key: _, ...sent }: Values) {
  return { ...sent, name: sent.name.trim() };
}

/** `English, Mathematics (not in use)`: what is there now, where somebody else was quicker. */
export function namesInWords(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return value
    .map(({ name, active }: EntryValues) => (active ? name : `${name} (not in use)`))
    .join(', ');
}

export const nameGiven = (name: string) => (name.trim() ? null : 'Enter a name');

/** `#/subjects/3/name` → `subjects.3.name`, as forms name a field of a list. */
export function fieldOf(pointer: string): string {
  return pointer.replace(/^#?\//, '').replaceAll('/', '.');
}
