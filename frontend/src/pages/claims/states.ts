/** How it stands with a first password, in the words of the list (R2). */
import type { Claim, ClaimCounts, ClaimList } from '~/api/claims';
import { formatMoment } from '~/school/words';

export type ClaimState = Claim['state'];

interface StateWords {
  name: string;
  /** Undefined where nothing is to be done. */
  color?: 'amber' | 'brick';
}

export const STATES: Record<ClaimState, StateWords> = {
  own: { name: 'Has their own password' },
  default: { name: 'Waits with the default', color: 'amber' },
  code: { name: 'Waits with a slip', color: 'amber' },
  no_code: { name: 'Needs a slip', color: 'brick' },
  lapsed: { name: 'The 14 days are over', color: 'brick' },
  link: { name: 'Waits with a link', color: 'amber' },
  link_lapsed: { name: 'The link is too old', color: 'brick' },
};

export const STATE_NAMES = Object.keys(STATES) as ClaimState[];

/** Those that there can be in this school, or are. */
export function statesIn(found: ClaimList | undefined): ClaimState[] {
  if (!found) return STATE_NAMES;
  const other: readonly ClaimState[] =
    found.first_passwords === 'default' ? ['code', 'no_code'] : ['default'];
  return STATE_NAMES.filter((state) => !other.includes(state) || found.counts[state] > 0);
}

/** 'Printed on 3 Nov 2026 at 02:14, works until …', as sentences. */
export function whenOf(claim: Claim): string[] {
  const link = claim.link_until ? [`Link works until ${formatMoment(claim.link_until)}`] : [];
  switch (claim.state) {
    case 'own':
      return claim.claimed_at ? [`Since ${formatMoment(claim.claimed_at)}`] : [];
    case 'default':
      return claim.until ? [`Until ${formatMoment(claim.until)}`] : [];
    case 'code':
      return [
        ...(claim.code_made_at ? [`Printed: ${formatMoment(claim.code_made_at)}`] : []),
        ...(claim.until ? [`Works until ${formatMoment(claim.until)}`] : []),
        ...link,
      ];
    case 'no_code':
      return claim.until ? [`A code printed now works until ${formatMoment(claim.until)}`] : [];
    case 'lapsed':
      return claim.until ? [`Ended: ${formatMoment(claim.until)}`] : ['Was a head or deputy'];
    default:
      return link;
  }
}

export function waiting(counts: ClaimCounts): number {
  return counts.default + counts.code + counts.no_code;
}
