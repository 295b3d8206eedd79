/** How far a parent has come: invited or not yet, with a password, or with a lapsed link (R2). */
import { Badge, Text } from '@mantine/core';
import type { Parent } from '~/api/parents';
import { formatMoment } from '~/school/words';

export function ParentState({ parent }: { parent: Parent }) {
  if (parent.state === 'claimed') return 'Has a password';
  if (parent.state === 'not_invited') return <Badge color="slate">Not invited yet</Badge>;
  if (parent.state === 'lapsed') return <Badge color="brick">Invitation lapsed</Badge>;
  return (
    <div>
      <Badge color="amber">Invited</Badge>
      {parent.invited_until && (
        <Text size="sm" c="dimmed">
          until {formatMoment(parent.invited_until)}
        </Text>
      )}
    </div>
  );
}
