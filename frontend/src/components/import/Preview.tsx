/** What the previews of imports share: what cannot be imported, and the bar with what to do. */
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { counted } from '~/school/words';
import { DownloadButton } from './ChooseFile';
import classes from './Preview.module.css';

interface ConfirmingProps<Made, Said> {
  confirm: (said: Said) => Promise<Made>;
  onDone: (done: Made) => unknown;
  /** The preview was made anew; it is shown with what the server says of it. */
  onChanged: () => unknown;
}

export function useConfirming<Made, Said = void>(props: ConfirmingProps<Made, Said>) {
  return useMutation({
    mutationFn: props.confirm,
    onSuccess: props.onDone,
    onError: (error) => {
      if (error instanceof ProblemError && error.status === 409) props.onChanged();
    },
  });
}

interface RejectedProps {
  count: number;
  /** Where the rejected rows come from. */
  file: string;
  /** Nothing else is in the list. */
  all: boolean;
}

export function Rejected({ count, file, all }: RejectedProps) {
  if (count === 0) return null;
  return (
    <Alert
      color="amber"
      icon={<CircleAlert aria-hidden />}
      title={`${counted(count, 'row')} cannot be imported`}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {all
            ? 'What is wrong is said beside each row.'
            : `${count === 1 ? 'It is' : 'They are'} left out, and the rest can be imported now.`}{' '}
          Download {count === 1 ? 'it' : 'them'}, correct that file, and import it
          {all ? ' instead' : ' as well'}.
        </Text>
        <MendButton file={file} />
      </Stack>
    </Alert>
  );
}

/** `file`: where the rejected rows come from. */
export function MendButton({ file }: { file: string }) {
  return <DownloadButton href={file}>Download the rows to mend</DownloadButton>;
}

interface ConfirmBarProps {
  /** What importing does, in a sentence. */
  says: string;
  /** Leaving the import. */
  cancel: ReactNode;
  /** The step before. */
  back?: string;
  onBack: () => void;
  /** Doing it. */
  children: ReactNode;
}

export function ConfirmBar(props: ConfirmBarProps) {
  const { says, cancel, back = 'the columns', onBack, children } = props;
  return (
    <Paper className={classes.bar}>
      <Group justify="space-between">
        <Text role="status" fw={600}>
          {says}
        </Text>
        <Group gap="sm">
          {cancel}
          <Button variant="default" onClick={onBack}>
            Back to {back}
          </Button>
          {children}
        </Group>
      </Group>
    </Paper>
  );
}
