/** What a user signs in with now (R2). */
import { Badge } from '@mantine/core';
import type { User } from '~/api/users';

export function PasswordState({ user }: { user: User }) {
  if (user.claimed) return 'Their own';
  if (user.leadership) return <Badge color="amber">Waiting for their link</Badge>;
  if (hasLapsed(user)) return <Badge color="brick">Default has lapsed</Badge>;
  return <Badge color="amber">Has default password</Badge>;
}

/** The default works for 14 days; for someone who is no head any more, not before a reset. */
export function hasLapsed(user: User): boolean {
  return user.default_until === null || new Date(user.default_until) <= new Date();
}
