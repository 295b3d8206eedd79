/** What a password is told while it is typed (R3). */
import { describe, expect, it } from 'vitest';
import { obviousWords, rulesFor, strengthOf } from './strength';

const OBVIOUS = obviousWords('Heron Park Primary School', 'Zoë O’Neill');

it('knows the words that are easy to guess', () => {
  expect(OBVIOUS).toEqual(['heron', 'park', 'neill']);
});

describe('strength', () => {
  it('is weak while a rule is not met', () => {
    expect(strengthOf('short', OBVIOUS)).toBe('weak');
    expect(strengthOf('aaaaaaaaaaaaaaaa', OBVIOUS)).toBe('weak');
    expect(strengthOf('heron park', OBVIOUS)).toBe('weak');
    expect(strengthOf('a'.repeat(60) + 'bcdefghijk'.repeat(7), OBVIOUS)).toBe('weak');
  });

  it('grows with length and not with composition', () => {
    expect(strengthOf('copper lantern', OBVIOUS)).toBe('good');
    expect(strengthOf('copper lantern meadow', OBVIOUS)).toBe('strong');
  });

  it('says nothing of an empty field', () => {
    expect(strengthOf('', OBVIOUS)).toBe('none');
  });
});

it('lets a name be part of a long password', () => {
  expect(rulesFor('heron copper lantern', OBVIOUS).every(({ met }) => met)).toBe(true);
});
