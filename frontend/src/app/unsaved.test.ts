import { describe, expect, it } from 'vitest';
import { UnsavedWork } from './unsaved';

describe('a session that ends', () => {
  it('leads away where nothing is typed', () => {
    const work = new UnsavedWork();
    work.offer();
    expect(work.ended(false)).toBe(false);
    expect(work.isAsking()).toBe(false);
  });

  it('asks on the page where something is typed, or was being sent', () => {
    for (const sent of [true, false]) {
      const work = new UnsavedWork();
      work.offer();
      if (!sent) work.hold();
      expect(work.ended(sent)).toBe(true);
      expect(work.isAsking()).toBe(true);
    }
  });

  it('leads away once what was typed is saved', () => {
    const work = new UnsavedWork();
    work.offer();
    work.hold()();
    expect(work.ended(false)).toBe(false);
  });

  it('goes on asking, whatever else the page asks for meanwhile', () => {
    const work = new UnsavedWork();
    work.offer();
    work.ended(true);
    expect(work.ended(false)).toBe(true);
    work.settle();
    expect(work.isAsking()).toBe(false);
    expect(work.ended(false)).toBe(false);
  });

  it('leads away from a page that has no place to sign in again', () => {
    const work = new UnsavedWork();
    work.hold();
    const leave = work.offer();
    leave();
    expect(work.ended(true)).toBe(false);
  });
});
