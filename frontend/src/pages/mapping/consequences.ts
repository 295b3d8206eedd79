/** What saving would do, in words: `creates 14 users, links 27 groups` (R19). */
import type { MappingPreview } from '~/api/mapping';
import { counted } from '~/school/words';

type Count = Exclude<
  keyof MappingPreview,
  'refused' | 'without_user' | 'sync_running' | 'other_year'
>;

const LINES: { count: Count; verb: string; one: string; many?: string }[] = [
  { count: 'maps', verb: 'Maps', one: 'record', many: 'records' },
  {
    count: 'moves',
    verb: 'Maps',
    one: 'record to another one here',
    many: 'records to others here',
  },
  { count: 'creates_groups', verb: 'Creates', one: 'group' },
  { count: 'creates_pupils', verb: 'Creates', one: 'pupil' },
  { count: 'creates_users', verb: 'Creates', one: 'user' },
  { count: 'creates_parents', verb: 'Creates', one: 'parent' },
  { count: 'changes_pupils', verb: 'Updates', one: 'pupil' },
  { count: 'changes_groups', verb: 'Updates', one: 'group' },
  { count: 'changes_users', verb: 'Updates', one: 'user' },
  { count: 'deactivates_pupils', verb: 'Makes', one: 'pupil inactive', many: 'pupils inactive' },
  { count: 'links_groups', verb: 'Links', one: 'group' },
  { count: 'adds_memberships', verb: 'Adds', one: 'membership' },
  { count: 'links_users', verb: 'Links', one: 'user to groups', many: 'users to groups' },
  {
    count: 'removes_links',
    verb: 'Takes away',
    one: 'link that the MIS gave',
    many: 'links that the MIS gave',
  },
  {
    count: 'tries_again',
    verb: 'Tries again',
    one: 'that could not be done',
    many: 'that could not be done',
  },
  { count: 'ignores', verb: 'Ignores', one: 'difference' },
  { count: 'unignores', verb: 'Takes back', one: 'ignored difference' },
  { count: 'takes_apart', verb: 'Unmaps', one: 'record' },
];

export function consequencesInWords(preview: MappingPreview): string[] {
  return LINES.filter(({ count }) => preview[count] > 0).map(
    ({ count, verb, one, many }) => `${verb} ${counted(preview[count], one, many)}`,
  );
}
