import { describe, expect, it } from 'vitest';
import { begunAt, offeredFor, putIn } from './placeholder-typing';

const PLACEHOLDERS = [
  { name: 'pupil.forename', meaning: 'The forename', example: 'Maya' },
  { name: 'pupil.class', meaning: 'The pupil’s class', example: '3 Blue' },
  { name: 'class.teacher', meaning: 'Who teaches the class', example: 'Mrs Smith' },
];
const names = (typed: string) => offeredFor(typed, PLACEHOLDERS).map(({ name }) => name);

describe('the placeholder that is begun', () => {
  it('is the one before the caret that is still open', () => {
    expect(begunAt('Dear {pup', 9)).toEqual({ start: 5, typed: 'pup' });
    expect(begunAt('{', 1)).toEqual({ start: 0, typed: '' });
    expect(begunAt('{term.name} and {', 17)).toEqual({ start: 16, typed: '' });
  });

  it('is none where it is closed, on another line, or before the brace', () => {
    expect(begunAt('{term.name}', 11)).toBeNull();
    expect(begunAt('{\nnew line', 5)).toBeNull();
    expect(begunAt('Dear {', 3)).toBeNull();
    expect(begunAt('', 0)).toBeNull();
  });
});

describe('putting one in', () => {
  it('leaves what stands around it as it is', () => {
    const begun = begunAt('Dear {pup, hello', 9);
    expect(begun && putIn('Dear {pup, hello', begun, 'pupil.forename')).toEqual({
      text: 'Dear {pupil.forename}, hello',
      caret: 21,
    });
  });

  it('takes the place of the one that was there', () => {
    const begun = begunAt('{pupil.surname}!', 5);
    expect(begun && putIn('{pupil.surname}!', begun, 'pupil.forename').text).toBe(
      '{pupil.forename}!',
    );
  });
});

describe('what is offered', () => {
  it('is all, then those that begin so, then those that mean it', () => {
    expect(names('')).toHaveLength(3);
    expect(names('class')).toEqual(['pupil.class', 'class.teacher']);
    expect(names('FORE')).toEqual(['pupil.forename']);
    expect(names('teaches')).toEqual(['class.teacher']);
    expect(names('zzz')).toEqual([]);
  });
});
