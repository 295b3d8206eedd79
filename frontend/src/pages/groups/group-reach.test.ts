/** R14: what a teacher loses is said by name and number. */
import { expect, it } from 'vitest';
import type { GroupReach } from '~/api/groups';
import { pupilsInWords, teachersInWords } from './group-reach';

const teacher = (pupils: number, only_here: number) => ({
  id: '1',
  name: 'Ms Hall',
  pupils,
  only_here,
});
const reach = (...teachers: GroupReach['teachers']): GroupReach => ({
  teachers,
  members: 28,
  only_class: 26,
});

it('tells whom each teacher no longer sees', () => {
  const lines = teachersInWords(
    reach(teacher(28, 28), teacher(28, 3), teacher(28, 0), teacher(0, 0)),
    true,
  );
  expect(lines).toEqual([
    'Ms Hall no longer sees its 28 pupils.',
    'Ms Hall no longer sees 3 of its 28 pupils; the others they see by other groups.',
    'Ms Hall still sees all its pupils, by other groups.',
    'Ms Hall has no pupils in it, so nothing changes for them.',
  ]);
  expect(teachersInWords(reach(teacher(28, 3)), false)).toEqual(['Ms Hall sees 3 pupils more.']);
});

it('tells what becomes of the pupils', () => {
  expect(pupilsInWords(reach(), true)).toBe(
    'Its 28 pupils stay on roll. 26 of them are in no other class, and will be listed as without a class.',
  );
  expect(pupilsInWords({ ...reach(), members: 26 }, true)).toContain('All are in no other class');
  expect(pupilsInWords({ ...reach(), members: 0, only_class: 0 }, true)).toBe(
    'No active pupils are in it.',
  );
});
