/** A date of birth as it is typed, in three fields: how browsers order a date differs, and a child's
 * date must not be wrong because of that. */

export interface TypedDate {
  day: string;
  month: string;
  year: string;
}

export const NO_DATE: TypedDate = { day: '', month: '', year: '' };

/** `2018-05-17`; undefined where it is no day of the calendar. */
export function isoDate(typed: TypedDate): string | undefined {
  const d = typed.day.trim();
  const m = typed.month.trim();
  const y = typed.year.trim();
  if (!/^\d{1,2}$/.test(d) || !/^\d{1,2}$/.test(m) || !/^\d{4}$/.test(y)) return undefined;
  const iso = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
