/** Waits until the connector has been heard; the page asks by itself, also after a reload. */
import { Button, Collapse, Group, List, Loader, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MisLink } from '~/api/mis';
import { Commands } from './Commands';
import type { SourceKindName } from './source-kinds';

interface TestConnectionProps {
  link: MisLink;
  kind: SourceKindName;
  onKind: (kind: SourceKindName) => void;
  /** While the credentials are still shown. */
  onBack: (() => void) | undefined;
}

export function TestConnection({ link, kind, onKind, onBack }: TestConnectionProps) {
  const [open, commands] = useDisclosure(false);
  return (
    <Stack>
      <Group role="status" gap="sm" wrap="nowrap">
        <Loader type="dots" size="sm" aria-hidden />
        <Text fw={600}>
          {link.state === 'provisioning'
            ? 'The connector’s access is being made. This takes a few seconds.'
            : 'Waiting to hear from the connector. As soon as it has started, it is seen here.'}
        </Text>
      </Group>
      <Text>If nothing happens within a minute of starting it:</Text>
      <List spacing="xs">
        <List.Item>Read what the connector says: it names what stands in its way.</List.Item>
        <List.Item>
          Check that its computer may reach the internet on the port that it names; a firewall may
          have to let it out.
        </List.Item>
        <List.Item>
          {onBack
            ? 'Check that it uses the credentials file that you have just downloaded.'
            : 'Is the credentials file lost? Make new credentials, below on this page. The old ones then stop working.'}
        </List.Item>
      </List>
      <Collapse expanded={open}>
        <Commands kind={kind} onKind={onKind} />
      </Collapse>
      <Group justify="space-between">
        {onBack ? (
          <Button variant="default" onClick={onBack}>
            Back to the credentials
          </Button>
        ) : (
          <span />
        )}
        {!onBack && (
          <Button variant="default" onClick={commands.toggle} aria-expanded={open}>
            {open ? 'Hide the commands' : 'Show the commands'}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
