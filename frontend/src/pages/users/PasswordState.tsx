/** What a user signs in with now (R2). */
import { Badge } from '@mantine/core';
import type { User } from '~/api/users';

export function PasswordState({ user }: { user: User }) {
  switch (user.password) {
    case 'own':
      return 'Their own';
    case 'link':
      return <Badge color="amber">Waiting for their link</Badge>;
    case 'default':
      return <Badge color="amber">Has default password</Badge>;
    case 'code':
      return <Badge color="amber">Has a starting code</Badge>;
    case 'no_code':
      return <Badge color="brick">Needs a slip</Badge>;
    case 'lapsed':
      return <Badge color="brick">The 14 days are over</Badge>;
  }
}
