/** How marks are spoken of. */
import type { MarkbookTerm } from '~/api/markbook';
import { formatDate } from '~/school/words';

export const EFFORTS = [
  { value: 'excellent', code: 'E', label: 'Excellent' },
  { value: 'good', code: 'G', label: 'Good' },
  { value: 'inconsistent', code: 'I', label: 'Inconsistent' },
  { value: 'concern', code: 'C', label: 'Cause for concern' },
] as const;

/** Why nothing can be changed, or nothing where it can. */
export function whyClosed(term: MarkbookTerm): string | undefined {
  switch (term.state) {
    case 'not_begun':
      return `${term.name} begins on ${formatDate(term.first_day)}. Its marks and comments can be written from that day on.`;
    case 'earlier_year':
      return `${term.name} ${term.academic_year} is of another academic year, so its marks and comments can be read and not changed.`;
    case 'inactive':
      return `${term.name} is not in use any more, so its marks and comments can be read and not changed.`;
    default:
      return undefined;
  }
}

/** The term of that day: the one under way, else the last that has begun. */
export function termOf(terms: readonly MarkbookTerm[]): MarkbookTerm | undefined {
  const open = terms.filter(({ state }) => state === 'open');
  return open.at(-1) ?? terms[0];
}
