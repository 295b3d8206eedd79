/** The connector's credentials, which are shown this once: a file, and the command that uses it. */
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Check, Copy, Download, KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Linked } from '~/api/mis';

const FILE_NAME = 'classroom-connector.json';
const COMMAND = `./classroom connector push --credentials ${FILE_NAME} --kind oneroster-csv export.zip`;

export function CredentialsCard({ credentials }: { credentials: Linked['credentials'] }) {
  const [downloaded, setDownloaded] = useState(false);
  const download = () => {
    saveAsFile(FILE_NAME, `${JSON.stringify(credentials, null, 2)}\n`);
    setDownloaded(true);
  };
  return (
    <Alert
      icon={<KeyRound aria-hidden />}
      color="lagoon"
      role="region"
      aria-label="The connector’s credentials"
      title="The connector’s credentials"
    >
      <Stack>
        <Text>
          Download the file now: it can’t be shown again once you leave this page. Keep it like a
          password; it is for the connector only.
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
            {downloaded && `Saved as ${FILE_NAME}.`}
          </Text>
        </Group>
        <div>
          <Text fw={600}>To send an export from your MIS (OneRoster CSV, a ZIP or a folder):</Text>
          <Group gap="xs" mt={6} align="stretch">
            <Code
              block
              style={{ flex: '1 1 20rem', whiteSpace: 'pre-wrap' }}
              bg="white"
              c="slate.9"
            >
              {COMMAND}
            </Code>
            <CopyButton value={COMMAND}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={
                    copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />
                  }
                >
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
        </div>
      </Stack>
    </Alert>
  );
}

function saveAsFile(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}
