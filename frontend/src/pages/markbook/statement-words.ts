/** The words of a statement, filled in for a pupil. */
import type { MarkbookPupil, Statement } from '~/api/markbook';

const WORDS = {
  F: { he_she: 'she', him_her: 'her', his_her: 'her' },
  M: { he_she: 'he', him_her: 'him', his_her: 'his' },
  U: { he_she: 'they', him_her: 'them', his_her: 'their' },
} as const;

/** `{forename} reads {his_her} book` → `Zoë reads her book`. Where the sex is not known: `their`. */
export function filled(text: string, pupil: Pick<MarkbookPupil, 'forename' | 'sex'>): string {
  const words: Record<string, string> = {
    forename: pupil.forename,
    ...WORDS[pupil.sex ?? 'U'],
  };
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const word = words[name.toLowerCase()];
    if (word === undefined) return whole;
    return /^[A-Z]/.test(name) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
  });
}

interface Wanted {
  kind: Statement['kind'];
  subject?: string;
  band?: string | null;
  search?: string;
}

/** Those in use that fit: of the subject and of all, of the band and of all; the nearest first. */
export function fitting(statements: readonly Statement[], wanted: Wanted): Statement[] {
  const { kind, subject, band, search = '' } = wanted;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const nearness = (one: Statement) =>
    Number(one.subject_id !== null) + Number(one.band_id !== null);
  return statements
    .filter((one) => one.active && one.kind === kind)
    .filter((one) => one.subject_id === null || one.subject_id === subject)
    .filter((one) => one.band_id === null || !band || one.band_id === band)
    .filter((one) => words.every((word) => one.text.toLowerCase().includes(word)))
    .sort((a, b) => nearness(b) - nearness(a));
}

/** A statement put into a comment where the caret is, with spaces around it. */
export function inserted(
  comment: string,
  at: number,
  statement: string,
): { text: string; caret: number } {
  const before = comment.slice(0, at);
  const after = comment.slice(at);
  const start = before && !/\s$/.test(before) ? `${before} ` : before;
  const end = after && !/^\s/.test(after) ? ` ${after}` : after;
  return { text: `${start}${statement}${end}`, caret: start.length + statement.length };
}
