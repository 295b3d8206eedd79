/** The first step: a list from the computer, dropped or chosen; and what it has to look like. */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, FileSpreadsheet } from 'lucide-react';
import { useRef } from 'react';
import { ProblemError } from '~/api/problem';
import { keepImport, MOST_BYTES, TEMPLATE, uploadFile } from '~/api/user-imports';
import { ProblemAlert } from '~/components/messages';

const TOO_LARGE = {
  type: 'urn:classroom:problem:too-large',
  title: 'This file is too large',
  detail:
    'A file may have 20 MB. Delete what is not needed from it, such as pictures and other sheets.',
};

export function ChooseFile() {
  const open = useRef<() => void>(null);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_BYTES) throw new ProblemError(413, TOO_LARGE);
      return uploadFile(file);
    },
    onSuccess: (made) => {
      keepImport(queryClient, made);
      return navigate({ to: '/users/import', search: { file: made.id } });
    },
  });
  const take = (file: File | undefined) => file && upload.mutate(file);
  return (
    <Stack gap="lg">
      {upload.error && <ProblemAlert problem={upload.error} />}
      <Dropzone
        onDrop={([file]) => take(file)}
        onReject={([refused]) => take(refused?.file)}
        openRef={open}
        activateOnClick={false}
        activateOnKeyboard={false}
        tabIndex={-1}
        multiple={false}
        loading={upload.isPending}
        py={40}
      >
        <Stack align="center" gap="sm">
          <FileSpreadsheet size={40} aria-hidden strokeWidth={1.4} />
          <Text fw={600}>Drop your list here, or choose it</Text>
          <Text size="sm" c="dimmed" ta="center">
            CSV or Excel (.xlsx), up to 20 MB and 5,000 rows
          </Text>
          <Button
            onClick={() => open.current?.()}
            loading={upload.isPending}
            style={{ pointerEvents: 'all' }}
          >
            Choose a file
          </Button>
        </Stack>
      </Dropzone>
      <Text role="status" size="sm" c="dimmed">
        {upload.isPending && 'The file is being read…'}
      </Text>
      <Help />
    </Stack>
  );
}

function Help() {
  return (
    <Paper p="lg">
      <Title order={2} mb="sm">
        What the list looks like
      </Title>
      <List spacing="xs">
        <List.Item>
          The first row has headings, such as First name, Surname, E-mail address, Role and Staff
          code. Headings from your MIS are recognised, and you can say yourself which column is
          which.
        </List.Item>
        <List.Item>
          Roles are Teacher, SLT, Deputy head or Head. Where a new person has no role, they are a
          teacher. A head or deputy needs an e-mail address.
        </List.Item>
        <List.Item>
          People who are here already are known by their e-mail address, staff code or username, and
          are updated. An empty cell changes nothing.
        </List.Item>
        <List.Item>
          Usernames of new people are made here. Nobody is made inactive by an import.
        </List.Item>
      </List>
      <Group mt="md">
        <Button
          component="a"
          href={TEMPLATE}
          download
          variant="default"
          leftSection={<Download size={17} aria-hidden />}
        >
          Download a template
        </Button>
      </Group>
    </Paper>
  );
}
