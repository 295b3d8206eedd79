/** The second step: which column is which, and how the file is meant. */
import { Button, Checkbox, Paper, Stack, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keepImport, lookThrough, type UserImport } from '~/api/user-imports';
import { useMutation } from '~/app/mutation';
import { ColumnsTable, useColumns } from '~/components/import/ColumnsTable';
import { StepButtons } from '~/components/import/StepButtons';
import { ProblemAlert } from '~/components/messages';
import { CancelUserImport } from './CancelUserImport';
import { FIELDS, wrongColumns } from './words';

interface ColumnsProps {
  made: UserImport;
  onLookedThrough: () => void;
}

export function Columns({ made, onLookedThrough }: ColumnsProps) {
  const queryClient = useQueryClient();
  const columns = useColumns(made.columns);
  const [keep, setKeep] = useState(made.keep_over_mis);
  const [namesakes, setNamesakes] = useState(made.add_namesakes);
  const look = useMutation({
    mutationFn: () =>
      lookThrough(made.id, {
        columns: columns.chosen,
        keep_over_mis: keep,
        add_namesakes: namesakes,
      }),
    onSuccess: (previewed) => {
      keepImport(queryClient, previewed);
      onLookedThrough();
    },
  });
  const wrong = wrongColumns(columns.chosen.map(({ field }) => field));
  return (
    <Stack gap="lg">
      {look.error && <ProblemAlert problem={look.error} />}
      <ColumnsTable made={made} choices={columns} fields={FIELDS} />
      <Paper p="lg">
        <Title order={2} mb="md">
          Options
        </Title>
        <Stack>
          <Checkbox
            checked={keep}
            onChange={(event) => setKeep(event.currentTarget.checked)}
            label="Keep these details over the MIS"
            description="The overnight sync leaves them as they are imported. Without this, the MIS goes on keeping them up to date."
          />
          <Checkbox
            checked={namesakes}
            onChange={(event) => setNamesakes(event.currentTarget.checked)}
            label="Add people even if somebody has the same name"
            description="Without this, a row with the name of a user who is here is rejected, so that nobody is added twice by mistake."
          />
        </Stack>
      </Paper>
      <StepButtons cancel={<CancelUserImport importId={made.id} />} wrong={wrong}>
        <Button
          onClick={() => look.mutate()}
          loading={look.isPending}
          disabled={wrong !== undefined}
        >
          Show the preview
        </Button>
      </StepButtons>
    </Stack>
  );
}
