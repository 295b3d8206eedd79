/** How the school's things are called and written: years, names, dates, times. */

export const YEAR_GROUPS = [
  'N1',
  'N2',
  'R',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
  '13',
] as const;

export type YearGroup = (typeof YEAR_GROUPS)[number];

/** `3` → `Year 3`, `R` → `Reception`, `N2` → `Nursery 2`. */
export function yearGroupName(yearGroup: string): string {
  if (yearGroup === 'R') return 'Reception';
  if (yearGroup.startsWith('N')) return `Nursery ${yearGroup.slice(1)}`;
  return `Year ${yearGroup}`;
}

/** The school's year groups from its first to its last. */
export function yearGroupsBetween(first: YearGroup, last: YearGroup): YearGroup[] {
  return YEAR_GROUPS.slice(YEAR_GROUPS.indexOf(first), YEAR_GROUPS.indexOf(last) + 1);
}

/** `1 pupil`, `30 pupils`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const numbers = new Intl.NumberFormat('en-GB');

export function formatNumber(count: number): string {
  return numbers.format(count);
}

/** `1 code`, `10 codes`. */
export function plural(count: number, thing: string): string {
  return `${formatNumber(count)} ${thing}${count === 1 ? '' : 's'}`;
}

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/London' });
const times = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'Europe/London',
});
const days = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

/** `2018-09-01` → `1 Sept 2018`. */
export function formatDate(date: string): string {
  return dates.format(new Date(date));
}

/** A moment in the midst of a sentence: `today at 02:14`. */
export function momentWithin(moment: string): string {
  return moment.replace(/^(Today|Yesterday)/, (day) => day.toLowerCase());
}

/** A moment in the school's own time: `Today at 02:14`, `Yesterday at 02:14`, `3 Nov 2026 at 02:14`. */
export function formatMoment(moment: string, now = new Date()): string {
  const at = new Date(moment);
  const yesterday = new Date(now.getTime() - 24 * 60 * 60 * 1000);
  const day = days.format(at);
  if (day === days.format(now)) return `Today at ${times.format(at)}`;
  if (day === days.format(yesterday)) return `Yesterday at ${times.format(at)}`;
  return `${dates.format(at)} at ${times.format(at)}`;
}

/** The parts of the product as a school knows them, for when one does not answer. */
const PARTS: Record<string, string> = {
  identity: 'Users and passwords',
  roster: 'Pupils and groups',
  mis_sync: 'The MIS link',
  reports: 'Reports',
};

export function partName(service: string): string {
  return PARTS[service] ?? 'Part of this page';
}
