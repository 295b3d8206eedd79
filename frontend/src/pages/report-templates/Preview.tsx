/** What reports would look like, saved or not: with a pupil's details and invented marks (R1, R25). */
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { ProblemError } from '~/api/problem';
import { type PreviewWanted, previewQuery, savePreview } from '~/api/templates';
import { useMutation } from '~/app/mutation';
import { Loading, ProblemAlert } from '~/components/messages';
import { type ChosenPupil, PupilPicker } from '~/components/PupilPicker';
import { ReportPages } from '~/components/report-pages/ReportPages';

interface PreviewProps extends Pick<PreviewWanted, 'kind' | 'layout'> {
  pupil: ChosenPupil | null;
  onPupil: (pupil: ChosenPupil | null) => void;
  /** Leads to what is wrong, where the server refused what is in the editor. */
  onRefused?: (problem: ProblemError) => void;
}

export function Preview({ kind, layout, pupil, onPupil, onRefused }: PreviewProps) {
  const wanted = { kind, layout, pupil_id: pupil?.id ?? null };
  const pages = useQuery(previewQuery(wanted));
  const pdf = useMutation({ mutationFn: () => savePreview(wanted) });
  const problem = pages.error ?? pdf.error;
  const refused =
    problem instanceof ProblemError && problem.slug === 'template-refused' ? problem : null;
  return (
    <Paper component="section" aria-label="Preview" p="md">
      <Stack>
        <Text c="dimmed" maw="46rem">
          The name, the class and the other details are the pupil’s own. The marks and the comments
          are invented, since the admin account sees no real ones.
        </Text>
        <Group align="flex-end" justify="space-between">
          <PupilPicker
            label="Pupil whose details are shown"
            description="Type a name, then choose. Without one, it is an invented pupil."
            value={pupil}
            onChange={onPupil}
          />
          <Button
            variant="default"
            leftSection={<Download size={17} aria-hidden />}
            disabled={!pages.data}
            loading={pdf.isPending}
            onClick={() => pdf.mutate()}
          >
            Save as PDF
          </Button>
        </Group>
        {problem && (
          <ProblemAlert problem={problem} onRetry={refused ? undefined : () => pages.refetch()}>
            {refused && onRefused && (
              <Button size="xs" color="brick" variant="outline" onClick={() => onRefused(refused)}>
                Go to what needs correcting
              </Button>
            )}
          </ProblemAlert>
        )}
        {pages.isPending && <Loading what="The preview is being made" />}
        {pages.data && <ReportPages pages={pages.data} of="the preview" />}
      </Stack>
    </Paper>
  );
}
