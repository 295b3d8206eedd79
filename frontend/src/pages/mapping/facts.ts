/** A record's values in words, those of the MIS beside ours. */
import { formatDate, yearGroupName } from '~/school/words';

export interface Fact {
  name: string;
  mis: string | null;
  here: string | null;
  /** Both sides say something, and not the same. */
  differs: boolean;
}

type Values = Record<string, unknown>;

/** What is told of a record, in this order. Anything else that is sent is for programs. */
export const NAMES: Record<string, string> = {
  name: 'Name',
  title: 'Title',
  forename: 'Forename',
  surname: 'Surname',
  legal_forename: 'Forename',
  legal_surname: 'Surname',
  preferred_forename: 'Goes by',
  preferred_surname: 'Preferred surname',
  middle_names: 'Middle names',
  date_of_birth: 'Date of birth',
  sex: 'Sex',
  upn: 'UPN',
  former_upns: 'Former UPNs',
  kind: 'Kind',
  year_group: 'Year',
  subject: 'Subject',
  pupils: 'Pupils',
  teachers: 'Teachers',
  groups: 'Groups',
  email: 'E-mail',
  children: 'Children',
  staff_code: 'Staff code',
  username: 'Username',
  role: 'Role',
  active: 'Active',
};

/** Left out are what neither side knows and what the heading says already. */
export function factsOf(heading: string, mis: Values, here: Values | undefined): Fact[] {
  const theirs = fromMis(mis);
  return Object.entries(NAMES).flatMap(([key, name]): Fact[] => {
    const ofMis = inWords(key, theirs[key]);
    const ofOurs = here ? inWords(key, here[key]) : null;
    const differs = ofMis !== null && ofOurs !== null && ofMis !== ofOurs;
    const known = ofMis ?? ofOurs;
    if (known === null || (!differs && known === heading)) return [];
    return [{ name, mis: ofMis, here: ofOurs, differs }];
  });
}

/** The MIS's record says of a group's kind `group_kind`; its `kind` is the kind of record. */
function fromMis({ kind: _, group_kind, ...values }: Values): Values {
  return { ...values, kind: group_kind };
}

function inWords(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) {
    const words = value.map((one) => inWords(name, one)).filter((one) => one !== null);
    return words.length > 0 ? words.join(', ') : null;
  }
  if (typeof value === 'object') return null;
  if (name === 'year_group') return yearGroupName(String(value)).replace(/^Year /, '');
  if (name === 'date_of_birth') return formatDate(String(value));
  if (name === 'active') return value === false ? 'No, inactive' : null;
  return WORDS[name]?.[String(value)] ?? String(value);
}

const WORDS: Record<string, Record<string, string>> = {
  kind: { class: 'Class', set: 'Set' },
  role: { slt: 'SLT', teacher: 'Teacher' },
  sex: { F: 'Female', M: 'Male', U: 'Not known' },
};

const BRIEF = [
  'year_group',
  'kind',
  'pupils',
  'teachers',
  'email',
  'username',
  'upn',
  'groups',
  'children',
];
const UNITS: Record<string, [string, string]> = { pupils: ['pupil', 'pupils'] };

/** What tells one record from another of its name, in a line. */
export function briefly(heading: string, values: Values): string {
  const known = 'group_kind' in values ? fromMis(values) : values;
  return BRIEF.flatMap((name) => {
    const words = inWords(name, known[name]);
    if (words === null || words === heading) return [];
    const unit = UNITS[name];
    if (unit) return [`${words} ${words === '1' ? unit[0] : unit[1]}`];
    return [name === 'year_group' ? yearGroupName(String(known[name])) : words];
  }).join(' · ');
}
