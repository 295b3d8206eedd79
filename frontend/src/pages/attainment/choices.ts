/** What the address asks for, and what stands there instead where it asks for nothing that is. */
import type { AttainmentChoices, AttainmentTerm } from '~/api/attainment';

export const VIEWS = ['attainment', 'progress', 'pupils'] as const;
export type View = (typeof VIEWS)[number];

export interface AttainmentSearch {
  view?: View;
  /** `school`, `year-3`, or a group's id. */
  of?: string;
  term?: string;
  from?: string;
  to?: string;
  /** A subject's id; none for all. */
  subject?: string;
  /** What pupils are compared by. */
  by?: string;
}

export interface Chosen {
  view: View;
  of: string;
  term: string;
  from?: string;
  to: string;
  subject?: string;
  by?: string;
}

const SCHOOL = 'school';
const YEAR = 'year-';

export function attainmentSearch(raw: Record<string, unknown>): AttainmentSearch {
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    view: VIEWS.find((view) => view === raw.view),
    of: text('of'),
    term: text('term'),
    from: text('from'),
    to: text('to'),
    subject: text('subject'),
    by: text('by'),
  };
}

/** `undefined` where there is nothing to choose from: no group, or no term. */
export function chosenOf(search: AttainmentSearch, choices: AttainmentChoices): Chosen | undefined {
  const places = placesOf(choices).flatMap(({ items }) => items.map(({ value }) => value));
  const of = places.find((place) => place === search.of) ?? places[0];
  const latest = latestOf(choices.terms);
  if (!of || !latest) return undefined;
  const known = (id: string | undefined) => choices.terms.find((term) => term.id === id);
  const to = known(search.to) ?? latest;
  const from = known(search.from) ?? before(choices.terms, to);
  return {
    view: search.view ?? 'attainment',
    of,
    term: (known(search.term) ?? latest).id,
    from: from?.id === to.id ? before(choices.terms, to)?.id : from?.id,
    to: to.id,
    subject: choices.subjects.find(({ id }) => id === search.subject)?.id,
    by: search.by,
  };
}

/** For the list of whom figures can be of. */
export function placesOf(choices: AttainmentChoices) {
  const groups = (kind: 'class' | 'set') =>
    choices.groups
      .filter((group) => group.kind === kind)
      .map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      group: 'School',
      items: choices.whole_school ? [{ value: SCHOOL, label: 'Whole school' }] : [],
    },
    {
      group: 'Year groups',
      items: choices.year_groups.map(({ code, label }) => ({ value: YEAR + code, label })),
    },
    { group: 'Classes', items: groups('class') },
    { group: 'Sets', items: groups('set') },
  ].filter(({ items }) => items.length > 0);
}

type YearGroup = AttainmentChoices['year_groups'][number]['code'];

/** As the gateway is asked. */
export function scopeOf(of: string): { year_group?: YearGroup; group_id?: string } {
  if (of === SCHOOL) return {};
  if (of.startsWith(YEAR)) return { year_group: of.slice(YEAR.length) as YearGroup };
  return { group_id: of };
}

export function termName({ name, academic_year }: AttainmentTerm): string {
  return `${name} ${academic_year}`;
}

/** The last in which anything was recorded, else the last that has begun. */
function latestOf(
  terms: readonly AttainmentTerm[],
  today = new Date(),
): AttainmentTerm | undefined {
  const day = today.toISOString().slice(0, 10);
  return (
    terms.findLast(({ marked }) => marked) ??
    terms.findLast(({ first_day }) => first_day <= day) ??
    terms[0]
  );
}

function before(
  terms: readonly AttainmentTerm[],
  term: AttainmentTerm,
): AttainmentTerm | undefined {
  const earlier = terms.slice(0, terms.indexOf(term));
  return (
    earlier.findLast(({ marked }) => marked) ?? earlier.at(-1) ?? terms[terms.indexOf(term) + 1]
  );
}
