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

/**
 * Line by line, in the order of the MIS's values. Left out are what neither side knows and what
 * the heading says already.
 */
export function factsOf(heading: string, mis: Values, here: Values | undefined): Fact[] {
  const names = [...new Set([...Object.keys(mis), ...Object.keys(here ?? {})])];
  return names
    .map((name) => {
      const theirs = inWords(name, mis[name]);
      const ours = here ? inWords(name, here[name]) : null;
      const differs = theirs !== null && ours !== null && theirs !== ours;
      return { name: label(name), mis: theirs, here: ours, differs };
    })
    .filter(
      ({ mis: theirs, here: ours, differs }) =>
        (theirs ?? ours) !== null && (differs || (theirs ?? ours) !== heading),
    );
}

const LABELS: Record<string, string> = {
  email: 'E-mail',
  former_upns: 'Former UPNs',
  group_kind: 'Kind',
  mis_id: 'Number in the MIS',
  upn: 'UPN',
  year_group: 'Year',
};

function label(name: string): string {
  const words = LABELS[name] ?? name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inWords(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) {
    const words = value.map((one) => inWords(name, one)).filter((one) => one !== null);
    return words.length > 0 ? words.join(', ') : null;
  }
  if (typeof value === 'object') return null;
  if (name === 'year_group') return yearGroupName(String(value));
  if (name === 'kind' || name === 'group_kind') return KINDS[String(value)] ?? String(value);
  if (name === 'role') return value === 'slt' ? 'SLT' : 'Teacher';
  if (name === 'date_of_birth') return formatDate(String(value));
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return String(value);
}

const KINDS: Record<string, string> = { class: 'Class', set: 'Set' };
