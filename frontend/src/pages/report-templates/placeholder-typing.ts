/** Placeholders while they are typed: which one is begun at the caret, and how it is put in (R25). */
import type { TemplatePlaceholder } from '~/api/templates';

export interface Begun {
  /** Where its brace stands. */
  start: number;
  /** What is typed of it so far. */
  typed: string;
}

/** The placeholder that is begun before the caret and not closed there. */
export function begunAt(text: string, caret: number): Begun | null {
  const start = text.lastIndexOf('{', caret - 1);
  if (start < 0) return null;
  const typed = text.slice(start + 1, caret);
  return /[{}\n]/.test(typed) || typed.length > 40 ? null : { start, typed };
}

/** The text with that placeholder in it, whole, and where the caret stands after it. */
export function putIn(text: string, begun: Begun, name: string): { text: string; caret: number } {
  const after = text.slice(begun.start + 1 + begun.typed.length);
  const whole = `{${name}}`;
  return {
    // What is left of an earlier placeholder up to its brace gives way too.
    text: text.slice(0, begun.start) + whole + after.replace(/^[\w.]*\}/, ''),
    caret: begun.start + whole.length,
  };
}

/** Those of which the name or the meaning has what is typed; the ones that begin so come first. */
export function offeredFor(
  typed: string,
  placeholders: readonly TemplatePlaceholder[],
): TemplatePlaceholder[] {
  const wanted = typed.trim().toLowerCase();
  const begins = ({ name }: TemplatePlaceholder) =>
    name.toLowerCase().startsWith(wanted) ||
    (name.split('.')[1]?.toLowerCase().startsWith(wanted) ?? false);
  const has = ({ name, meaning }: TemplatePlaceholder) =>
    name.toLowerCase().includes(wanted) || meaning.toLowerCase().includes(wanted);
  return [
    ...placeholders.filter(begins),
    ...placeholders.filter((one) => !begins(one) && has(one)),
  ];
}
