/** Where a person goes on: to what is left of signing in, and then to where they wanted to go. */
import type { Session } from '~/api/session';

type Step = Exclude<Session['scope'], 'full'>;

const STEPS: Record<Step, string> = {
  set_password: '/first-password',
  two_step: '/two-step',
  set_up_two_step: '/two-step/set-up',
  confirm_children: '/confirm-children',
};

/** The address of the one page that the session opens; undefined for who is wholly signed in. */
export function stepOf(session: Session): string | undefined {
  return session.scope === 'full' ? undefined : STEPS[session.scope];
}

/** Where to go on with this session. `next` is where the person wanted to go, and is kept. */
export function nextStep(session: Session, next?: string): string {
  const step = stepOf(session);
  if (!step) return mayOpen(session, next) ? next : homeOf(session);
  return next && next !== '/' ? `${step}?next=${encodeURIComponent(next)}` : step;
}

/** Parents have pages of their own, and are not led to one that is closed to them. */
function mayOpen({ account }: Session, next: string | undefined): next is string {
  if (next === undefined) return false;
  return account.kind !== 'parent' || /^\/(children|account|help)(\/|$|\?)/.test(next);
}

function homeOf({ account }: Session): string {
  return account.kind === 'parent' ? '/children' : '/';
}
