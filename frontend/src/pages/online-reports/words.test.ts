import { describe, expect, it } from 'vitest';
import type { PublishedPupil } from '~/api/online-reports';
import { consequences, isShown, leftOut, openedInWords } from './words';

const pupil = (name: string, more: Partial<PublishedPupil> = {}): PublishedPupil => ({
  pupil_id: name,
  name,
  state: 'not_published',
  hindrance: null,
  replaces_earlier: false,
  published_at: null,
  published_by_name: null,
  ended_at: null,
  ended_by_name: null,
  openings: [],
  parents: 'see',
  ...more,
});
const opening = {
  name: 'Anna',
  first_at: '2026-12-10T12:00:00Z',
  last_at: '2026-12-10T12:00:00Z',
};

describe('what publishing does', () => {
  it('counts whom it reaches, and names whom it does not', () => {
    const lines = consequences([
      pupil('Adams, Amy'),
      pupil('Baker, Bo', { parents: 'none' }),
      pupil('Carr, Cy', { parents: 'none', replaces_earlier: true }),
      pupil('Dean, Dora', { state: 'published' }),
      pupil('Eve, Eli', { hindrance: 'newer' }),
    ]);
    expect(lines.map(({ what }) => what.split(' ').slice(0, 3).join(' '))).toEqual([
      '1 pupil has',
      '2 pupils have',
      '1 earlier report',
    ]);
    expect(lines[0]?.who).toBeUndefined();
    expect(lines[1]?.who).toBe('Baker, Bo; Carr, Cy');
  });

  it('says who is left out', () => {
    const [line] = leftOut([pupil('Eve, Eli', { hindrance: 'not_on_roll' }), pupil('Fox, Fay')]);
    expect(line).toEqual({ what: 'Left out, no longer on roll:', who: 'Eve, Eli' });
  });
});

describe('who has opened it', () => {
  it('counts those that parents can see', () => {
    const pupils = [
      pupil('a', { state: 'published', openings: [opening] }),
      pupil('b', { state: 'published' }),
      pupil('c', { state: 'withdrawn', openings: [opening] }),
    ];
    expect(openedInWords(pupils)).toBe('1 of 2 opened');
    expect(pupils.filter((one) => isShown(one, 'unopened'))).toEqual([pupils[1]]);
  });
});
