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
  return [
    { label: `At least ${SHORTEST} characters`, met: length >= SHORTEST },
    ...(length > LONGEST ? [{ label: `At most ${LONGEST} characters`, met: false }] : []),
    {
      label: 'More than your name or the school’s name',
      met: length > 0 && besideNames(password, obvious) >= LEAST_BESIDE_A_NAME,
    },
    { label: 'Not the same few characters again and again', met: variety(password) >= 5 },
  ];
}

const LEAST_BESIDE_A_NAME = 8;

/** How much is left of a password without the words that anybody would guess. */
function besideNames(password: string, obvious: readonly string[]): number {
  let rest = folded(password);
  for (const word of obvious) rest = rest.replaceAll(word, '');
  return rest.trim().length;
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
