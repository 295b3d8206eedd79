import { expect, it } from 'vitest';
import { hourOf, hoursOf, USUAL } from './nightly-sync';

it('offers each hour of the night at the school’s own minute, and ours', () => {
  const offered = hoursOf({ usual_at: '02:07', minute: 7 });
  expect(offered[0]).toEqual({ value: USUAL, label: 'About 02:07 (normal setting)' });
  expect(offered[1]).toEqual({ value: '0', label: 'About 00:07' });
  expect(offered).toHaveLength(8);
  expect(offered.map(({ value }) => hourOf(value))).toEqual([null, 0, 1, 2, 3, 4, 5, 6]);
});
