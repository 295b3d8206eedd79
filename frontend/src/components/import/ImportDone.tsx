/** The last step of an import: what was done, and what to do next. */
import { Alert, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleCheckBig } from 'lucide-react';
import type { ReactNode } from 'react';

interface ImportDoneProps {
  title?: string;
  /** What was done, in a sentence. */
  says: ReactNode;
  /** What to do next. */
  next: ReactNode;
  actions: ReactNode;
  /** The rows, below. */
  children: ReactNode;
}

export function ImportDone(props: ImportDoneProps) {
  const { title = 'The import is done', says, next, actions, children } = props;
  return (
    <Stack gap="lg">
      <Alert color="leaf" icon={<CircleCheckBig aria-hidden />} role="status" title={title}>
        <Text size="sm">{says}</Text>
      </Alert>
      <Paper p="lg">
        <Title order={2} mb="sm">
          What to do next
        </Title>
        {next}
        <Group mt="md">{actions}</Group>
      </Paper>
      {children}
    </Stack>
  );
}
