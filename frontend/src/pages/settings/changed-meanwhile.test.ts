import { describe, expect, it } from 'vitest';
import { whatIsThereNow } from './changed-meanwhile';

const LABELS = { town: 'Town', telephone: 'Telephone' };
const asItIs = (_: string, value: unknown) => String(value ?? '');

function changed(current: Record<string, unknown>, ...names: string[]) {
  return {
    current,
    fields: names.map((name) => ({ pointer: `#/${name}`, detail: 'Somebody else changed this.' })),
  };
}

describe('what is there now', () => {
  it('is told of the fields that somebody else changed', () => {
    const now = whatIsThereNow(changed({ town: 'Derby', telephone: '1' }, 'town'), LABELS, asItIs);
    expect(now).toEqual([{ label: 'Town', now: 'Derby' }]);
  });

  it('says so where a field was emptied', () => {
    const now = whatIsThereNow(changed({ town: null }, 'town'), LABELS, asItIs);
    expect(now).toEqual([{ label: 'Town', now: 'empty' }]);
  });

  it('leaves out what the page has no field for', () => {
    expect(whatIsThereNow(changed({ other: 1 }, 'other'), LABELS, asItIs)).toEqual([]);
  });
});
