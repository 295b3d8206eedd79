/** What each state of the MIS link, and of a run, is called and means to a school (R23). */
import type { MisLink, Run } from '~/api/mis';

interface StateWords {
  name: string;
  color: 'leaf' | 'lagoon' | 'amber' | 'brick' | 'slate';
  meaning: string;
}

export const LINK_STATES: Record<MisLink['state'], StateWords> = {
  never_linked: {
    name: 'Not linked',
    color: 'slate',
    meaning: 'Your MIS is not linked to Classroom Monitor.',
  },
  provisioning: {
    name: 'Being set up',
    color: 'lagoon',
    meaning: 'The link is being prepared. This takes a few seconds.',
  },
  waiting: {
    name: 'Waiting for your MIS',
    color: 'lagoon',
    meaning: 'The link is ready. It waits for the connector to send the first data from your MIS.',
  },
  healthy: {
    name: 'Working',
    color: 'leaf',
    meaning: 'Your MIS is synchronised with Classroom Monitor overnight.',
  },
  late: {
    name: 'Late',
    color: 'amber',
    meaning:
      'Nothing has come from your MIS for two days. Check that the computer with the connector is switched on.',
  },
  held: {
    name: 'Held',
    color: 'amber',
    meaning:
      'The last data from your MIS would make many disappear at once, so nothing of it was done yet. Look at who it is, and decide.',
  },
  server_changed: {
    name: 'MIS server changed',
    color: 'brick',
    meaning:
      'The data now comes from another MIS server. Nothing is synchronised until you re-instate the link.',
  },
};

const RUN_STATES: Record<string, Omit<StateWords, 'meaning'>> = {
  receiving: { name: 'Receiving', color: 'lagoon' },
  waiting: { name: 'Comparing', color: 'lagoon' },
  applying: { name: 'Applying', color: 'lagoon' },
  closed: { name: 'Done', color: 'leaf' },
  held: { name: 'Held', color: 'amber' },
  incomplete: { name: 'Incomplete', color: 'brick' },
  ignored: { name: 'Passed over', color: 'slate' },
  superseded: { name: 'Passed over', color: 'slate' },
  refused: { name: 'Refused', color: 'brick' },
  failed: { name: 'Failed', color: 'brick' },
};

const CAUSES: Record<string, string> = {
  snapshot: 'Data from your MIS',
  mapping: 'A saved mapping',
  stale: 'Changes here meanwhile',
  refused: 'Data from your MIS',
  overnight: 'The nightly sync',
  asked: 'Synchronise now',
  connector: 'The connector',
};

/** What brought a run about. */
export function causeOf(cause: string): string {
  return CAUSES[cause] ?? cause;
}

export function runState(run: Run): Omit<StateWords, 'meaning'> {
  if (ABOUT_ASKING.includes(run.cause)) {
    return run.state === 'closed' ? ASKED : { ...ASKED, name: 'No data', color: 'amber' };
  }
  if (isStandingStill(run)) return { name: 'Standing still', color: 'amber' };
  const words = RUN_STATES[run.state];
  if (words) return words;
  const name = run.state.charAt(0).toUpperCase() + run.state.slice(1).replaceAll('_', ' ');
  return { name, color: run.finished_at ? 'slate' : 'lagoon' };
}

/** Lines that tell that the MIS was asked, or that its connector could not read it. */
export const ABOUT_ASKING = ['overnight', 'asked', 'connector'];

/** Of the lines that tell that the MIS was asked; what it sent is a line of its own. */
const ASKED: Omit<StateWords, 'meaning'> = { name: 'Asked', color: 'slate' };

/** Whether the link needs somebody to do something about it. */
export function isTroubled(state: MisLink['state']): boolean {
  return state === 'late' || state === 'held' || state === 'server_changed';
}

/** A run that is neither finished nor held for a person to release it. */
export function isUnfinished(run: Run | null | undefined): boolean {
  return run != null && run.finished_at === null && run.state !== 'held';
}

/** Part of the data has come, and for minutes nothing more: its connector, or the way here, is down. */
export function isStandingStill(run: Run | null | undefined): boolean {
  return isUnfinished(run) && run?.progress.quiet_minutes != null;
}

/** A run of which something moves. */
export function isRunning(run: Run | null | undefined): boolean {
  return isUnfinished(run) && !isStandingStill(run);
}

/** The connector was asked and has not answered yet. */
export function isAsked(link: MisLink | null | undefined): boolean {
  return link?.last_request != null && link.last_request.outcome === null;
}

/** Whether the page should keep asking how it is getting on. */
export function isMoving(link: MisLink | null | undefined): boolean {
  if (!link) return false;
  return link.state === 'provisioning' || link.state === 'waiting' || isRunning(link.last_run);
}
