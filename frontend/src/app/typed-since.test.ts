import { describe, expect, it } from 'vitest';
import { typedSince } from './typed-since';

describe('an answer that comes late', () => {
  it('brings what the server made of it, and leaves what was typed since', () => {
    const sent = { name: ' Heron Park', town: '', telephone: '1' };
    const saved = { name: 'Heron Park', town: '', telephone: '1' };
    expect(typedSince(sent, sent, saved)).toEqual(saved);
    expect(typedSince(sent, { ...sent, town: 'Kendal' }, saved)).toEqual({
      ...saved,
      town: 'Kendal',
    });
  });

  it('gives a new entry its id, though more was typed in its list since', () => {
    const maths = { key: 'm', id: 'm', name: 'Maths' };
    const art = { key: 'new-1', id: null, name: 'Art ' };
    const drama = { key: 'new-2', id: null, name: 'Drama' };
    const saved = { subjects: [maths, { key: 'a', id: 'a', name: 'Art' }] };
    const typed = { subjects: [maths, { ...art, name: 'Art and design' }, drama] };
    expect(typedSince({ subjects: [maths, art] }, typed, saved)).toEqual({
      subjects: [maths, { key: 'new-1', id: 'a', name: 'Art and design' }, drama],
    });
  });
});
