/** The first step of an import: a list from the computer, dropped or chosen. */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useMutation } from '@tanstack/react-query';
import { Download, FileSpreadsheet } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { ProblemError } from '~/api/problem';
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
  const open = useRef<() => void>(null);
  const sending = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_BYTES) throw new ProblemError(413, TOO_LARGE);
      return upload(file);
    },
    onSuccess: onUploaded,
  });
  const take = (file: File | undefined) => file && sending.mutate(file);
  return (
    <Stack gap="lg">
      {sending.error && <ProblemAlert problem={sending.error} />}
      <Dropzone
        onDrop={([file]) => take(file)}
        onReject={([refused]) => take(refused?.file)}
        openRef={open}
        activateOnClick={false}
        activateOnKeyboard={false}
        tabIndex={-1}
        multiple={false}
        loading={sending.isPending}
        py={40}
      >
        <Stack align="center" gap="sm">
          <FileSpreadsheet size={40} aria-hidden strokeWidth={1.4} />
          <Text fw={600}>Drop your list here, or choose it</Text>
          <Text size="sm" c="dimmed" ta="center">
            CSV or Excel (.xlsx), {limits}
          </Text>
          <Button
            onClick={() => open.current?.()}
            loading={sending.isPending}
            style={{ pointerEvents: 'all' }}
          >
            Choose a file
          </Button>
        </Stack>
      </Dropzone>
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
