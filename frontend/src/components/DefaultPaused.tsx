/** Somebody tries the default password at many accounts: what that means, and what to do (R2). */
import { Alert, Text } from '@mantine/core';
import { ShieldAlert } from 'lucide-react';
import { formatMoment } from '~/school/words';

export function DefaultPaused({ until }: { until: string }) {
  return (
    <Alert color="amber" icon={<ShieldAlert aria-hidden />} title="The default password is paused">
      <Text size="sm" fw={600}>
        It works again: {formatMoment(until)}.
      </Text>
      <Text size="sm">
        It was typed wrongly many times in a few minutes. Until then nobody can sign in with it, not
        even with the right one; passwords of one’s own work as always. If new users are just
        signing in, tell them the default password again and ask them to wait. If you do not know
        who it was, make a new default password in User Management.
      </Text>
    </Alert>
  );
}
