/** What an admin does with a link that is there: renew its credentials, re-instate it, end it (R15, R21). */
import { Button, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { endLink, type Linked, type MisLink, makeLink, renewCredentials } from '~/api/mis';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

interface LinkActionsProps {
  link: MisLink;
  onLinked: (credentials: Linked['credentials']) => void;
  onEnded: () => void;
}

export function LinkActions({ link, onLinked, onEnded }: LinkActionsProps) {
  const connector = link.connector?.id;
  if (!connector) return null;
  return (
    <>
      <LinkAction
        title="Make new credentials"
        action={async () => onLinked((await renewCredentials(connector)).credentials)}
        button="Make new credentials"
      >
        <Text>
          Do this when the credentials file was lost, or somebody may have seen it who should not.
        </Text>
        <List spacing="xs">
          <List.Item>The old file stops working at once, and the connector with it.</List.Item>
          <List.Item>You get a new file, and start the connector with it.</List.Item>
        </List>
      </LinkAction>
      <LinkAction
        title="Re-instate the MIS link"
        urgent={link.state === 'server_changed'}
        action={async () => onLinked((await makeLink(connector)).credentials)}
        button="Re-instate the link"
      >
        <Text>
          Do this when your MIS has moved to a new server. Nothing that is in Classroom Monitor is
          lost, and nobody is made twice.
        </Text>
        <List spacing="xs">
          <List.Item>The old credentials stop working at once.</List.Item>
          <List.Item>You get a new file for the connector.</List.Item>
          <List.Item>
            When the connector sends its data, pupils and staff are recognised again. What is not
            certain is shown under MIS Mapping.
          </List.Item>
        </List>
      </LinkAction>
      <LinkAction
        title="End the link"
        dangerous
        action={async () => {
          await endLink(connector);
          onEnded();
        }}
        button="End the link"
      >
        <Text>Do this when data from your MIS shall not come here any more.</Text>
        <List spacing="xs">
          <List.Item>
            The connector is cut off at once, and its credentials are worthless.
          </List.Item>
          <List.Item>Everything that has come from your MIS stays as it is.</List.Item>
          <List.Item>You can link your MIS again at any time.</List.Item>
        </List>
      </LinkAction>
    </>
  );
}

interface LinkActionProps {
  title: string;
  button: string;
  action: () => Promise<void>;
  urgent?: boolean;
  dangerous?: boolean;
  children: ReactNode;
}

function LinkAction({ title, button, action, urgent, dangerous, children }: LinkActionProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: action,
    onSuccess: dialog.close,
    onSettled: () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
  const start = () => {
    act.reset();
    dialog.open();
  };
  return (
    <>
      <Button
        variant={urgent ? 'filled' : dangerous ? 'subtle' : 'default'}
        color={dangerous ? 'brick' : undefined}
        onClick={start}
      >
        {title}
      </Button>
      <Dialog opened={open} onClose={dialog.close} title={title} size="lg">
        <Stack>
          {act.isError && <ProblemAlert problem={act.error} />}
          {children}
          <Button
            color={dangerous ? 'brick' : undefined}
            onClick={() => act.mutate()}
            loading={act.isPending}
            style={{ alignSelf: 'end' }}
          >
            {button}
          </Button>
        </Stack>
      </Dialog>
    </>
  );
}
