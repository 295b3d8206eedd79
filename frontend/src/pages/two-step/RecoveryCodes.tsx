/** Recovery codes, shown this once: to print, to keep in a file, and to say that one has them. */
import { Alert, Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Download, Printer, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import classes from './RecoveryCodes.module.css';

interface RecoveryCodesProps {
  codes: readonly string[];
  username: string;
  onKept: () => void;
}

export function RecoveryCodes({ codes, username, onKept }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Alert
        color="amber"
        icon={<TriangleAlert aria-hidden />}
        title="Keep these recovery codes now"
      >
        <Text size="sm">
          They are shown this once. Each signs you in once, if your phone is lost. Keep them where
          you keep keys, and not on the phone itself.
        </Text>
      </Alert>
      <section className={classes.sheet} aria-label="Your recovery codes">
        <Text className={classes.heading}>Classroom Monitor, recovery codes of {username}</Text>
        <SimpleGrid component="ul" cols={{ base: 1, xs: 2 }} spacing="xs" className={classes.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </SimpleGrid>
      </section>
      <Group>
        <Button
          component="a"
          href={fileOf(codes, username)}
          download="recovery-codes.txt"
          variant="default"
          leftSection={<Download size={17} aria-hidden />}
        >
          Download
        </Button>
        <Button
          variant="default"
          leftSection={<Printer size={17} aria-hidden />}
          onClick={() => window.print()}
        >
          Print
        </Button>
      </Group>
      <Checkbox
        label="I have kept the recovery codes"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button onClick={onKept} disabled={!kept}>
        Go on
      </Button>
    </Stack>
  );
}

function fileOf(codes: readonly string[], username: string): string {
  const lines = [
    `Classroom Monitor, recovery codes of ${username}`,
    'Each works once.',
    '',
    ...codes,
  ];
  return `data:text/plain;charset=utf-8,${encodeURIComponent(`${lines.join('\r\n')}\r\n`)}`;
}
