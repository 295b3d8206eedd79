/** What a run did and how far it is, in words (R23). */
import type { Run } from '~/api/mis';
import { counted, formatNumber } from '~/school/words';

/** The server's names of what was proposed and of what became of it, in the order they are told. */
const COUNTS: readonly [name: string, one: string, many: string, done: string][] = [
  ['pupils_created', 'pupil', 'pupils', 'added'],
  ['pupils_updated', 'pupil', 'pupils', 'updated'],
  ['pupils_reactivated', 'pupil', 'pupils', 'made active again'],
  ['pupils_deactivated', 'pupil', 'pupils', 'made inactive'],
  ['groups_created', 'group', 'groups', 'added'],
  ['groups_updated', 'group', 'groups', 'updated'],
  ['users_created', 'user', 'users', 'added'],
  ['users_updated', 'user', 'users', 'updated'],
  ['parents_created', 'parent', 'parents', 'added'],
  ['parents_updated', 'parent', 'parents', 'updated'],
  ['links_added', 'link', 'links', 'added'],
  ['links_removed', 'link', 'links', 'taken away'],
  ['pupils_refused', 'pupil', 'pupils', 'not brought in'],
  ['groups_refused', 'group', 'groups', 'not brought in'],
  ['users_refused', 'user', 'users', 'not brought in'],
  ['staff_refused', 'user', 'users', 'not brought in'],
  ['parents_refused', 'parent', 'parents', 'not brought in'],
  ['links_refused', 'link', 'links', 'not made'],
];

/** `['3 pupils added', '1 link taken away']`; empty where nothing changed. */
export function countsInWords(counts: Record<string, number>): string[] {
  return COUNTS.flatMap(([name, one, many, done]) => {
    const count = counts[name] ?? 0;
    return count > 0 ? [`${counted(count, one, many)} ${done}`] : [];
  });
}

/** What to do about data that has stopped coming. */
export const GOES_ON =
  'The connector sends it again by itself once it reaches us: check that its computer is switched on and has the network.';

/** `12 minutes`, `2 hours`. */
function inTime(minutes: number): string {
  return minutes < 120 ? counted(minutes, 'minute') : counted(Math.floor(minutes / 60), 'hour');
}

/** `Received 3 of 12 parts`, `Applied 5 of 16 steps`; undefined while there is nothing to count. */
export function progressInWords({ state, progress }: Run): string | undefined {
  if (state === 'receiving') {
    const arrived = formatNumber(progress.parts_arrived);
    if (progress.quiet_minutes != null) {
      const parts = progress.parts
        ? `${arrived} of ${counted(progress.parts, 'part')}`
        : counted(progress.parts_arrived, 'part');
      return `Nothing has arrived for ${inTime(progress.quiet_minutes)}; ${parts} came before`;
    }
    return progress.parts
      ? `Received ${arrived} of ${counted(progress.parts, 'part')}`
      : `Received ${counted(progress.parts_arrived, 'part')} so far`;
  }
  if (state === 'applying' && progress.batches > 0) {
    return `Applied ${formatNumber(progress.batches_answered)} of ${counted(progress.batches, 'step')}`;
  }
  return undefined;
}
