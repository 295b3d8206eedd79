/** The hour of the nightly sync as a form has it, where nothing chosen is a choice too. */
import type { SyncSettings } from '~/api/settings';

export const USUAL = 'usual';
const LAST_HOUR = 6;

type Times = Pick<SyncSettings, 'usual_at' | 'minute'>;

const two = (number: number) => String(number).padStart(2, '0');

export function hourOf(chosen: string): number | null {
  return chosen === USUAL ? null : Number(chosen);
}

/** `About 02:37`. */
export function hourInWords(hour: number | null, { usual_at, minute }: Times): string {
  if (hour === null) return `About ${usual_at} (normal setting)`;
  return `About ${two(hour)}:${two(minute)}`;
}

export function hoursOf(times: Times): { value: string; label: string }[] {
  const hours = Array.from({ length: LAST_HOUR + 1 }, (_, hour) => hour);
  return [
    { value: USUAL, label: hourInWords(null, times) },
    ...hours.map((hour) => ({ value: String(hour), label: hourInWords(hour, times) })),
  ];
}
