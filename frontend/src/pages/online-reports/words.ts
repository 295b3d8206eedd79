/** What publishing does and has done, in the words of a school's office. */
import type { PublishedPupil } from '~/api/online-reports';
import { counted } from '~/school/words';

type State = PublishedPupil['state'];
type Reach = NonNullable<PublishedPupil['parents']>;

export const STATES: Record<State, { label: string; color: string }> = {
  not_published: { label: 'Not published', color: 'gray' },
  published: { label: 'Published', color: 'leaf' },
  withdrawn: { label: 'Withdrawn', color: 'amber' },
  replaced: { label: 'Replaced by a newer one', color: 'gray' },
};

export const REACH: Record<Reach, string> = {
  see: 'Can sign in',
  invited: 'Invited, not signed in yet',
  not_invited: 'Not invited yet',
  none: 'No parent here',
};

export const HINDRANCES: Record<NonNullable<PublishedPupil['hindrance']>, string> = {
  newer: 'Parents see a newer report',
  not_on_roll: 'No longer on roll',
  not_kept: 'Not kept any longer',
};

export const SHOWN = {
  all: 'All pupils',
  unopened: 'Published, not opened',
  opened: 'Opened',
  unpublished: 'Not with parents',
} as const;

export type Shown = keyof typeof SHOWN;

export function isShown(pupil: PublishedPupil, shown: Shown): boolean {
  const published = pupil.state === 'published';
  switch (shown) {
    case 'all':
      return true;
    case 'unopened':
      return published && pupil.openings.length === 0;
    case 'opened':
      return published && pupil.openings.length > 0;
    case 'unpublished':
      return !published;
  }
}

export function mayPublish(pupil: PublishedPupil): boolean {
  return pupil.state !== 'published' && pupil.hindrance === null;
}

export interface Consequence {
  what: string;
  /** Whom it concerns, where a school has something to do about it. */
  who?: string;
}

const ABOUT: { reach: Reach; one: string; many: string; named: boolean }[] = [
  {
    reach: 'see',
    one: 'has a parent who can sign in, and who is told by e-mail at once.',
    many: 'have a parent who can sign in, and who is told by e-mail at once.',
    named: false,
  },
  {
    reach: 'invited',
    one: 'has a parent who was invited, and who sees the report after signing in.',
    many: 'have a parent who was invited, and who sees the report after signing in.',
    named: true,
  },
  {
    reach: 'not_invited',
    one: 'has a parent whom nobody has invited yet.',
    many: 'have a parent whom nobody has invited yet.',
    named: true,
  },
  {
    reach: 'none',
    one: 'has no parent here, so nobody can read the report online.',
    many: 'have no parent here, so nobody can read their reports online.',
    named: true,
  },
];

/** What publishing does, of those who can be published. */
export function consequences(pupils: readonly PublishedPupil[]): Consequence[] {
  const chosen = pupils.filter(mayPublish);
  const lines: Consequence[] = ABOUT.flatMap(({ reach, one, many, named }) => {
    const these = chosen.filter((pupil) => pupil.parents === reach);
    if (these.length === 0) return [];
    const what = `${counted(these.length, 'pupil')} ${these.length === 1 ? one : many}`;
    return [{ what, who: named ? names(these) : undefined }];
  });
  const replacing = chosen.filter((pupil) => pupil.replaces_earlier);
  if (replacing.length > 0) {
    lines.push({
      what: `${counted(replacing.length, 'earlier report')} of the same term ${replacing.length === 1 ? 'is' : 'are'} replaced: parents see the new one instead.`,
      who: names(replacing),
    });
  }
  return lines;
}

/** Who is left out, and why; a line for each reason. */
export function leftOut(pupils: readonly PublishedPupil[]): Consequence[] {
  return (['not_on_roll', 'not_kept', 'newer'] as const).flatMap((why) => {
    const these = pupils.filter((pupil) => pupil.hindrance === why && pupil.state !== 'replaced');
    if (these.length === 0) return [];
    return [{ what: `Left out, ${HINDRANCES[why].toLowerCase()}:`, who: names(these) }];
  });
}

/** `21 of 28 opened`. */
export function openedInWords(pupils: readonly PublishedPupil[]): string {
  const published = pupils.filter(({ state }) => state === 'published');
  const opened = published.filter(({ openings }) => openings.length > 0).length;
  return `${opened} of ${published.length} opened`;
}

const MOST_NAMED = 12;

function names(pupils: readonly PublishedPupil[]): string {
  const shown = pupils.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = pupils.length - shown.length;
  return shown.join('; ') + (more > 0 ? ` and ${more} more` : '');
}
