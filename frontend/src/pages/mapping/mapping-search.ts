/** The part of the page's address that says what is shown. */

import type { Difference } from '~/api/mapping';
import { type ListSearch, listSearch } from '~/app/list-search';

export const FILTERS = {
  tab: ['mapped', 'ignored'],
  kind: [
    'held_run',
    'group_unmapped',
    'staff_suggestion',
    'staff_email_clash',
    'pupil_upn_changed',
    'pupil_suggestion',
    'refused_group',
    'refused_staff',
    'refused_pupil',
    'refused_link',
    'staff_email_changed',
    'contact_suggestion',
    'contact_email_changed',
    'refused_contact',
  ],
  match: ['not_matched', 'may_match', 'new', 'matched'],
  of: ['group', 'staff', 'pupil'],
  how: ['matched', 'new', 'person'],
} as const;

type Chosen = { [Name in keyof typeof FILTERS]?: (typeof FILTERS)[Name][number] };

export type MappingSearch = ListSearch & Chosen;

export const mappingSearch: (raw: Record<string, unknown>) => MappingSearch = listSearch(FILTERS);

/** The differences that are searched for, by name, by what their MIS record says, and by suggestion. */
export function found(differences: readonly Difference[], search: MappingSearch): Difference[] {
  const wanted = folded(search.search ?? '');
  return differences.filter(
    (one) =>
      (!search.kind || one.kind === search.kind) &&
      (!search.match || one.match === search.match) &&
      (!wanted || folded(textOf(one)).includes(wanted)),
  );
}

function textOf({ label, mis, suggestion }: Difference): string {
  const told = [mis.upn, mis.email, mis.staff_code, mis.teachers, mis.groups].flat();
  return [label, suggestion?.label, ...told].filter(Boolean).join(' ');
}

/** Without case and accents, so that `Zoe` finds Zoë. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
