/** The third step: what importing would do, row by row, before it is done. */
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, Download } from 'lucide-react';
import { ProblemError } from '~/api/problem';
import {
  confirmImport,
  importQuery,
  keepImport,
  rowsToMend,
  type UserImport,
} from '~/api/user-imports';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { CancelImport } from './CancelImport';
import classes from './Preview.module.css';
import { Rows } from './Rows';
import { whatImportingDoes } from './words';

interface PreviewProps {
  made: UserImport;
  onBack: () => void;
}

export function Preview({ made, onBack }: PreviewProps) {
  const queryClient = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => confirmImport(made),
    onSuccess: (done) => keepImport(queryClient, done),
    onError: (error) => {
      // The preview was made anew; it is shown with what the server says of it.
      if (error instanceof ProblemError && error.status === 409) {
        void queryClient.invalidateQueries({ queryKey: importQuery(made.id).queryKey });
      }
    },
  });
  const counts = made.counts ?? { added: 0, updated: 0, unchanged: 0, rejected: 0 };
  const doing = counts.added + counts.updated;
  return (
    <Stack gap="lg">
      {confirm.error && <ProblemAlert problem={confirm.error} />}
      {counts.rejected > 0 && <Rejected made={made} count={counts.rejected} />}
      <Rows made={made} counts={counts} />
      <Paper className={classes.bar}>
        <Group justify="space-between">
          <Text role="status" fw={600}>
            {whatImportingDoes(counts)}
          </Text>
          <Group gap="sm">
            <CancelImport importId={made.id} />
            <Button variant="default" onClick={onBack}>
              Back to the columns
            </Button>
            <Button
              onClick={() => confirm.mutate()}
              loading={confirm.isPending}
              disabled={doing === 0}
            >
              {doing > 0 ? `Import ${counted(doing, 'user')}` : 'Nothing to import'}
            </Button>
          </Group>
        </Group>
      </Paper>
    </Stack>
  );
}

function Rejected({ made, count }: { made: UserImport; count: number }) {
  return (
    <Alert
      color="amber"
      icon={<CircleAlert aria-hidden />}
      title={`${counted(count, 'row')} cannot be imported`}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {count === 1 ? 'It is' : 'They are'} left out, and the rest can be imported now. Download{' '}
          {count === 1 ? 'it' : 'them'}, correct that file, and import it as well.
        </Text>
        <MendButton made={made} />
      </Stack>
    </Alert>
  );
}

export function MendButton({ made }: { made: UserImport }) {
  return (
    <Button
      component="a"
      href={rowsToMend(made.id)}
      download
      size="sm"
      variant="default"
      leftSection={<Download size={16} aria-hidden />}
    >
      Download the rows to mend
    </Button>
  );
}
