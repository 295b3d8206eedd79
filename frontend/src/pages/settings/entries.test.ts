import { describe, expect, it } from 'vitest';
import { fieldOf, namesInWords, newKey, withKey, withoutKey } from './entries';

describe('entries', () => {
  it('go into the form and out of it as they are', () => {
    const saved = { id: '1', name: 'English', active: true };
    expect(withoutKey(withKey(saved))).toEqual(saved);
  });

  it('are told apart while they are new', () => {
    expect(newKey()).not.toBe(newKey());
  });

  it('are said in words', () => {
    const entries = [
      { name: 'English', active: true },
      { name: 'Latin', active: false },
    ];
    expect(namesInWords(entries)).toBe('English, Latin (not in use)');
    expect(namesInWords(undefined)).toBe('');
  });

  it('have fields that the server points at', () => {
    expect(fieldOf('#/subjects/3/name')).toBe('subjects.3.name');
    expect(fieldOf('#/name')).toBe('name');
  });
});
