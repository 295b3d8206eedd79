/** What is typed on the computer where the connector runs, for the export that the school has. */
import { Button, Collapse, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Command } from './Command';
import { SourceKindChoice } from './SourceKindChoice';
import {
  INSTALL_COMMAND,
  lookFirstCommand,
  runCommand,
  SOURCE_KINDS,
  type SourceKindName,
} from './source-kinds';

interface CommandsProps {
  kind: SourceKindName;
  onKind: (kind: SourceKindName) => void;
}

export function Commands({ kind, onKind }: CommandsProps) {
  const [open, choice] = useDisclosure(false);
  return (
    <Stack gap="sm">
      <Text>
        On the computer where the export of your MIS is ({SOURCE_KINDS[kind].name}):{' '}
        <Button variant="subtle" size="compact-sm" onClick={choice.toggle} aria-expanded={open}>
          Another export
        </Button>
      </Text>
      <Collapse expanded={open}>
        <SourceKindChoice kind={kind} onChange={onKind} />
      </Collapse>
      <List
        type="ordered"
        spacing="md"
        styles={{ itemWrapper: { width: '100%' }, itemLabel: { flex: 1 } }}
      >
        <List.Item>
          <Text fw={600}>Install the connector, with the file that we send you</Text>
          <Command label="Install">{INSTALL_COMMAND}</Command>
        </List.Item>
        <List.Item>
          <Text fw={600}>Look first at what it would send. Nothing is sent</Text>
          <Command label="Look first">{lookFirstCommand(kind)}</Command>
        </List.Item>
        <List.Item>
          <Text fw={600}>Put the credentials beside it, and start it</Text>
          <Command label="Start the connector">{runCommand(kind)}</Command>
        </List.Item>
      </List>
    </Stack>
  );
}
