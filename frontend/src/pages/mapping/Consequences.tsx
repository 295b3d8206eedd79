/** What saving will do, worked out by the server: counted, and with what will not be done and why. */
import { Alert, List, Stack, Text } from '@mantine/core';
import { Info, TriangleAlert } from 'lucide-react';
import type { MappingPreview } from '~/api/mapping';
import { counted } from '~/school/words';
import { consequencesInWords } from './consequences';

const NAMED = 10;

export function Consequences({ preview }: { preview: MappingPreview }) {
  const lines = consequencesInWords(preview);
  const { refused, without_user: withoutUser } = preview;
  return (
    <Stack gap="sm">
      <List spacing={4} aria-label="What saving does">
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
        {lines.length === 0 && <List.Item>Nothing changes here.</List.Item>}
      </List>
      {preview.creates_users > 0 && (
        <Text size="sm" c="dimmed">
          New users get the default password, or a slip, and choose their own when they first sign
          in.
        </Text>
      )}
      {withoutUser.length > 0 && (
        <Reasons
          title={`${counted(withoutUser.length, 'member')} of staff ${
            withoutUser.length === 1 ? 'stays' : 'stay'
          } without a user`}
          reasons={withoutUser}
        />
      )}
      {refused.length > 0 && (
        <Reasons
          title={`${counted(refused.length, 'decision')} can’t be carried out`}
          reasons={refused}
        />
      )}
      {preview.asks > 0 && (
        <Note>
          {preview.takes_apart > 0
            ? 'It stands under ‘To map’ again, for you to decide.'
            : `After that, ${counted(preview.asks, 'more difference')} will be here for you to decide.`}
        </Note>
      )}
      {preview.other_year && (
        <Note>
          Your MIS is in another academic year than your school. Groups and users wait until the two
          agree.
        </Note>
      )}
      {preview.sync_running && (
        <Note>A sync is running, so some of this may already be on its way.</Note>
      )}
    </Stack>
  );
}

function Note({ children }: { children: string }) {
  return (
    <Alert color="lagoon" icon={<Info aria-hidden />} p="sm">
      {children}
    </Alert>
  );
}

interface ReasonsProps {
  title: string;
  reasons: MappingPreview['refused'];
}

function Reasons({ title, reasons }: ReasonsProps) {
  const more = reasons.length - NAMED;
  return (
    <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={title} p="sm">
      <List size="sm" spacing={2}>
        {reasons.slice(0, NAMED).map(({ label, reason }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two people may share a name and a reason
          <List.Item key={place}>
            <b>{label}</b>: {reason}
          </List.Item>
        ))}
        {more > 0 && <List.Item>And {counted(more, 'other')}.</List.Item>}
      </List>
    </Alert>
  );
}
