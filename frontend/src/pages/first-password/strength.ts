/**
 * What we can tell about a password while it is typed (R3). The server decides; it also knows the
 * list of common passwords.
 */

export const SHORTEST = 12;
export const LONGEST = 128;

/** Words that make a password easy to guess, such as the school's and the user's name. */
export function obviousWords(...names: (string | null | undefined)[]): string[] {
  const words = names.flatMap((name) => folded(name ?? '').split(/[^a-z0-9]+/));
  return [...new Set(words.filter((word) => word.length >= 4 && !COMMON_IN_NAMES.has(word)))];
}

const COMMON_IN_NAMES = new Set(['school', 'primary', 'academy', 'infant', 'junior', 'church']);

export interface Rule {
  label: string;
  met: boolean;
}

export function rulesFor(password: string, obvious: readonly string[]): Rule[] {
  const length = [...password].length;
  const plain = folded(password);
  return [
    { label: `At least ${SHORTEST} characters`, met: length >= SHORTEST },
    ...(length > LONGEST ? [{ label: `At most ${LONGEST} characters`, met: false }] : []),
    {
      label: 'Not your name or the school’s name',
      met: length > 0 && !obvious.some((word) => plain.includes(word)),
    },
    { label: 'Not the same few characters again and again', met: variety(password) >= 5 },
  ];
}

export type Strength = 'none' | 'weak' | 'good' | 'strong';

/** By length and variety: composition rules would only make passwords harder to remember. */
export function strengthOf(password: string, obvious: readonly string[]): Strength {
  if (password === '') return 'none';
  if (rulesFor(password, obvious).some((rule) => !rule.met)) return 'weak';
  return [...password].length >= 18 && variety(password) >= 9 ? 'strong' : 'good';
}

function variety(password: string): number {
  return new Set(password.toLowerCase()).size;
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
