/** Linking the MIS, or re-instating the link after its server has changed (R15, R21). */
import { Button, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Linked, type MisLink, makeLink } from '~/api/mis';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

interface LinkMisProps {
  link: MisLink;
  onLinked: (credentials: Linked['credentials']) => void;
}

export function LinkMis({ link, onLinked }: LinkMisProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const first = link.state === 'never_linked';
  const title = first ? 'Link your MIS' : 'Re-instate the MIS link';
  const make = useMutation({
    mutationFn: makeLink,
    onSuccess: ({ credentials }) => {
      onLinked(credentials);
      dialog.close();
      return queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== 'session',
      });
    },
  });
  const urgent = first || link.state === 'server_changed';
  return (
    <>
      <Button variant={urgent ? 'filled' : 'default'} onClick={dialog.open}>
        {title}
      </Button>
      <Dialog opened={open} onClose={dialog.close} title={title} size="lg">
        <Stack>
          {make.isError && <ProblemAlert problem={make.error} />}
          {first ? <HowItWorks /> : <WhatReinstatingDoes />}
          <Button
            onClick={() => make.mutate()}
            loading={make.isPending}
            style={{ alignSelf: 'end' }}
          >
            {first ? 'Make the credentials' : 'Re-instate the link'}
          </Button>
        </Stack>
      </Dialog>
    </>
  );
}

function HowItWorks() {
  return (
    <>
      <Text>
        A small program, the connector, reads your MIS and sends what it holds to Classroom Monitor.
        It needs a file with credentials of its own.
      </Text>
      <List type="ordered" spacing="xs">
        <List.Item>You make the credentials here and download them as a file.</List.Item>
        <List.Item>
          You, or whoever looks after your computers, give the file to the connector.
        </List.Item>
        <List.Item>The first data arrives, and you map it under MIS Mapping.</List.Item>
      </List>
    </>
  );
}

function WhatReinstatingDoes() {
  return (
    <>
      <Text>
        Do this when your MIS has moved to a new server, or when the credentials were lost. Nothing
        that is in Classroom Monitor is lost, and nobody is made twice.
      </Text>
      <List spacing="xs">
        <List.Item>The old credentials stop working at once.</List.Item>
        <List.Item>You get a new file for the connector.</List.Item>
        <List.Item>
          When the connector sends its data, pupils and staff are recognised again. What is not
          certain is shown under MIS Mapping.
        </List.Item>
      </List>
    </>
  );
}
