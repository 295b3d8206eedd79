/** The third step: what importing would do, row by row, before it is done. */
import { Button, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import {
  confirmImport,
  importQuery,
  keepImport,
  rowsToMend,
  type UserImport,
} from '~/api/user-imports';
import { ConfirmBar, Rejected, useConfirming } from '~/components/import/Preview';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { CancelUserImport } from './CancelUserImport';
import { UserRows } from './UserRows';
import { whatImportingDoes } from './words';

interface PreviewProps {
  made: UserImport;
  onBack: () => void;
}

export function Preview({ made, onBack }: PreviewProps) {
  const queryClient = useQueryClient();
  const confirm = useConfirming({
    confirm: () => confirmImport(made),
    onDone: (done) => keepImport(queryClient, done),
    onChanged: () => queryClient.invalidateQueries({ queryKey: importQuery(made.id).queryKey }),
  });
  const counts = made.counts ?? { added: 0, updated: 0, unchanged: 0, rejected: 0 };
  const doing = counts.added + counts.updated;
  return (
    <Stack gap="lg">
      {confirm.error && <ProblemAlert problem={confirm.error} />}
      <Rejected
        count={counts.rejected}
        file={rowsToMend(made.id)}
        all={counts.rejected === made.rows}
      />
      <UserRows made={made} counts={counts} />
      <ConfirmBar
        says={whatImportingDoes(counts)}
        cancel={<CancelUserImport importId={made.id} />}
        onBack={onBack}
      >
        <Button onClick={() => confirm.mutate()} loading={confirm.isPending} disabled={doing === 0}>
          {doing > 0 ? `Import ${counted(doing, 'user')}` : 'Nothing to import'}
        </Button>
      </ConfirmBar>
    </Stack>
  );
}
