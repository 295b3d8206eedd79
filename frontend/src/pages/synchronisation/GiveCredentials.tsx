/** The connector's credentials, which are shown this once: a file, and the commands that use it. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { Download, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { saveFile } from '~/api/file';
import type { Linked } from '~/api/mis';
import { Commands } from './Commands';
import { CREDENTIALS_FILE, type SourceKindName } from './source-kinds';

interface GiveCredentialsProps {
  credentials: Linked['credentials'];
  kind: SourceKindName;
  onKind: (kind: SourceKindName) => void;
  onStarted: () => void;
}

export function GiveCredentials({ credentials, kind, onKind, onStarted }: GiveCredentialsProps) {
  const [downloaded, setDownloaded] = useState(false);
  const download = () => {
    const content = `${JSON.stringify(credentials, null, 2)}\n`;
    saveFile(new Blob([content], { type: 'application/json' }), CREDENTIALS_FILE);
    setDownloaded(true);
  };
  return (
    <Stack>
      <Alert
        icon={<KeyRound aria-hidden />}
        color="lagoon"
        role="region"
        aria-label="The connector’s credentials"
        title="The connector’s credentials"
      >
        <Stack align="flex-start">
          <Text>
            Download the file now: it can’t be shown again once you leave this page. Keep it like a
            password, where only the connector can read it.
          </Text>
          <Group>
            <Button
              onClick={download}
              variant={downloaded ? 'default' : 'filled'}
              leftSection={<Download size={17} aria-hidden />}
            >
              Download the credentials
            </Button>
            <Text role="status" size="sm">
              {downloaded && `Saved as ${CREDENTIALS_FILE}.`}
            </Text>
          </Group>
        </Stack>
      </Alert>
      <Commands kind={kind} onKind={onKind} />
      <List spacing="xs">
        <List.Item>The connector must be left running, so that your MIS can be asked.</List.Item>
        <List.Item>It only ever sends. Nothing in your MIS is changed.</List.Item>
      </List>
      <Group justify="flex-end">
        <Text size="sm" role="status">
          {!downloaded && 'Download the credentials first.'}
        </Text>
        <Button onClick={onStarted} disabled={!downloaded}>
          Test the connection
        </Button>
      </Group>
    </Stack>
  );
}
