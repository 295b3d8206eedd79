/** What somebody else made of the fields that were to be saved. */
import type { ProblemError } from '~/api/problem';

export interface ThereNow {
  label: string;
  now: string;
}

/** Of each field that is other than it was sent, what is there now, as the page says it. */
export function whatIsThereNow(
  problem: Pick<ProblemError, 'fields' | 'current'>,
  labels: Readonly<Record<string, string>>,
  inWords: (name: string, value: unknown) => string,
): ThereNow[] {
  return problem.fields.flatMap(({ pointer }) => {
    const name = pointer.split('/').at(-1) ?? '';
    const label = labels[name];
    if (label === undefined) return [];
    return [{ label, now: inWords(name, problem.current?.[name]) || 'empty' }];
  });
}
