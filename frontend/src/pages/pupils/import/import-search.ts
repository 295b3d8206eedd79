import type { PupilOutcome } from '~/api/pupil-imports';

/** Steps that can be gone back to, as the address has them. */
export const EARLIER_STEPS = ['columns', 'how'] as const;
export type EarlierStep = (typeof EARLIER_STEPS)[number];

/** Which upload, how far back in it, and which of its rows are shown. */
export interface PupilImportSearch {
  file?: string;
  step?: EarlierStep;
  show?: PupilOutcome;
}
