/** What publishing does, before it is done, and doing it. */
import { Alert, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleAlert, Send } from 'lucide-react';
import { type Publication, publish } from '~/api/online-reports';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { useChange } from './useChange';
import { type Consequence, consequences, leftOut, mayPublish } from './words';

export function Publish({ publication }: { publication: Publication }) {
  const { job_id: jobId, pupils } = publication;
  const publishing = useChange(jobId, publish);
  const chosen = pupils.filter(mayPublish);
  const left = leftOut(pupils);
  if (chosen.length === 0 && left.length === 0) return null;
  const again = chosen.every(({ state }) => state !== 'not_published');
  const what = counted(chosen.length, 'report');
  return (
    <Paper component="section" aria-label="Publish to parents" p="lg">
      <Title order={2} mb="sm">
        Publish to parents
      </Title>
      <Stack gap="md">
        {chosen.length > 0 && (
          <>
            <Text>
              Parents read the report of their own child on their page, exactly as it was made, and
              can print it or keep it as a PDF. You can withdraw it at any time.
            </Text>
            <Lines label="What publishing does" lines={consequences(pupils)} />
          </>
        )}
        {left.length > 0 && (
          <Alert color="amber" icon={<CircleAlert aria-hidden />} title="Some are left out">
            <Lines label="Left out" lines={left} />
          </Alert>
        )}
        {publishing.isError && <ProblemAlert problem={publishing.error} />}
        {chosen.length > 0 && (
          <Group>
            <Button
              loading={publishing.isPending}
              leftSection={<Send size={17} aria-hidden />}
              onClick={() => publishing.mutate(chosen.map(({ pupil_id }) => pupil_id))}
            >
              {again ? `Publish ${what} again` : `Publish ${what} to parents`}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Lines({ label, lines }: { label: string; lines: Consequence[] }) {
  return (
    <List spacing="xs" aria-label={label}>
      {lines.map(({ what, who }) => (
        <List.Item key={what}>
          {what}
          {who && (
            <Text size="sm" c="dimmed">
              {who}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
