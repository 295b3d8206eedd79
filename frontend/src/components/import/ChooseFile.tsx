/** The first step of an import: a list from the computer, dropped or chosen. */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { Download, FileSpreadsheet } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { FileDrop } from '~/components/FileDrop';
import { ProblemAlert } from '~/components/messages';
import { MOST_BYTES } from './import-file';

const TOO_LARGE = {
  type: 'urn:classroom:problem:too-large',
  title: 'This file is too large',
  detail:
    'A file may have 20 MB. Delete what is not needed from it, such as pictures and other sheets.',
};

interface ChooseFileProps<Made> {
  /** What a file may have, such as `up to 20 MB and 5,000 rows`. */
  limits: string;
  upload: (file: File) => Promise<Made>;
  onUploaded: (made: Made) => unknown;
  /** How far the reading is, where that is known. */
  progress?: ReactNode;
  /** What stands below. */
  children: ReactNode;
}

export function ChooseFile<Made>(props: ChooseFileProps<Made>) {
  const { limits, upload, onUploaded, progress, children } = props;
  const sending = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_BYTES) throw new ProblemError(413, TOO_LARGE);
      return upload(file);
    },
    onSuccess: onUploaded,
  });
  return (
    <Stack gap="lg">
      {sending.error && <ProblemAlert problem={sending.error} />}
      <FileDrop
        icon={FileSpreadsheet}
        label="Drop your list here, or choose it"
        hint={`CSV or Excel (.xlsx), ${limits}`}
        button="Choose a file"
        loading={sending.isPending}
        onFile={(file) => sending.mutate(file)}
      />
      {progress ?? (
        <Text role="status" size="sm" c="dimmed">
          {sending.isPending && 'The file is being read…'}
        </Text>
      )}
      {children}
    </Stack>
  );
}

interface FileHelpProps {
  points: readonly string[];
  templates: readonly { href: string; label: string }[];
}

/** What a list has to look like, and one to begin with. */
export function FileHelp({ points, templates }: FileHelpProps) {
  return (
    <Paper p="lg">
      <Title order={2} mb="sm">
        What the list looks like
      </Title>
      <List spacing="xs">
        {points.map((point) => (
          <List.Item key={point}>{point}</List.Item>
        ))}
      </List>
      <Group mt="md">
        {templates.map(({ href, label }) => (
          <DownloadButton key={href} href={href}>
            {label}
          </DownloadButton>
        ))}
      </Group>
    </Paper>
  );
}

/** A file that the browser fetches by itself; the session's cookie goes with it. */
export function DownloadButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button
      component="a"
      href={href}
      download
      size="sm"
      variant="default"
      leftSection={<Download size={16} aria-hidden />}
    >
      {children}
    </Button>
  );
}
