/** What saving would do, in words: `creates 14 users, links 27 groups` (R19). */
import type { MappingPreview } from '~/api/mis';
import { counted } from '~/school/words';

const LINES: { count: keyof MappingPreview; verb: string; one: string; many?: string }[] = [
  { count: 'creates_groups', verb: 'Creates', one: 'group' },
  { count: 'creates_pupils', verb: 'Creates', one: 'pupil' },
  { count: 'creates_users', verb: 'Creates', one: 'user' },
  { count: 'links_groups', verb: 'Links', one: 'group' },
  { count: 'links_pupils', verb: 'Puts', one: 'pupil into groups', many: 'pupils into groups' },
  { count: 'links_users', verb: 'Links', one: 'user to groups', many: 'users to groups' },
  { count: 'removes_links', verb: 'Takes away', one: 'link' },
  { count: 'ignores', verb: 'Ignores', one: 'difference' },
];

export function consequencesInWords(preview: MappingPreview): string[] {
  return LINES.filter(({ count }) => preview[count] > 0).map(
    ({ count, verb, one, many }) => `${verb} ${counted(preview[count], one, many)}`,
  );
}
