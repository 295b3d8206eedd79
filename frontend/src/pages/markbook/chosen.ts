/** What the address names, or what a markbook opens with where it names nothing that is there. */
import type { Markbook, MarkbookGroup, MarkbookTerm } from '~/api/markbook';
import { termOf } from './words';

export interface MarkbookSearch {
  group?: string;
  subject?: string;
  term?: string;
  show?: 'general';
}

type Subject = Markbook['subjects'][number];

export interface Chosen {
  group: MarkbookGroup;
  term: MarkbookTerm;
  /** Those that are taught in the group, and the chosen one of them. */
  subjects: Subject[];
  subject: Subject | undefined;
  general: boolean;
}

export function chosenIn(book: Markbook, search: MarkbookSearch): Chosen | undefined {
  const group = book.groups.find(({ id }) => id === search.group) ?? book.groups[0];
  const term = book.terms.find(({ id }) => id === search.term) ?? termOf(book.terms);
  if (!group || !term) return undefined;
  const subjects = book.subjects.filter(({ id }) => group.subject_ids.includes(id));
  return {
    group,
    term,
    subjects,
    subject: subjects.find(({ id }) => id === search.subject) ?? subjects[0],
    general: search.show === 'general' && group.kind === 'class',
  };
}

/** The address's part, read from what may be anything. */
export function markbookSearch(raw: Record<string, unknown>): MarkbookSearch {
  const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
  return {
    group: text(raw.group),
    subject: text(raw.subject),
    term: text(raw.term),
    show: raw.show === 'general' ? 'general' : undefined,
  };
}
