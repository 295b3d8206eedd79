/** Which help page helps where, and who reads which: all that every page knows of help. */
import places from 'virtual:help-places';
import type { Session } from '~/api/session';
import type { Reader } from './help-text';

export function readersOf(session: Session | null | undefined): readonly Reader[] {
  if (!session) return ['visitor'];
  const { kind, role, leadership } = session.account;
  if (kind !== 'user') return [kind];
  if (leadership) return ['slt', 'leader'];
  return [role === 'slt' ? 'slt' : 'teacher'];
}

export function isFor(audience: readonly Reader[], readers: readonly Reader[]): boolean {
  return audience.some((reader) => readers.includes(reader));
}

/** The help page of a route, such as `/pupils/$pupilId`; undefined where there is only the contents. */
export function helpOf(route: string, readers: readonly Reader[]): string | undefined {
  return places.find(({ audience, routes }) => routes.includes(route) && isFor(audience, readers))
    ?.slug;
}
