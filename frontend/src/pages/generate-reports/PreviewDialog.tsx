/** One pupil's report as it would be made now: its pages, and the same as a PDF. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import {
  previewPagesQuery,
  type ReportPreviewWanted,
  type ReportPupil,
  type ReportsLookWanted,
  savePreview,
} from '~/api/generated-reports';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { ReportPages } from '~/components/report-pages/ReportPages';

interface PreviewDialogProps {
  opened: boolean;
  onClose: () => void;
  wanted: ReportsLookWanted;
  pupil: ReportPupil;
}

export function PreviewDialog({ opened, onClose, wanted, pupil }: PreviewDialogProps) {
  const { template_id, term_id } = wanted;
  const preview = { template_id, term_id, pupil_id: pupil.pupil_id };
  return (
    <Dialog opened={opened} onClose={onClose} title={`Preview: ${pupil.name}`} size="xl">
      {opened && <Preview preview={preview} name={pupil.name} />}
    </Dialog>
  );
}

function Preview({ preview, name }: { preview: ReportPreviewWanted; name: string }) {
  const { data: pages, error, refetch } = useQuery(previewPagesQuery(preview));
  const saving = useMutation({ mutationFn: () => savePreview(preview, 'Preview of a report.pdf') });
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!pages) return <Loading what="Making the report" />;
  return (
    <Stack>
      <Group justify="space-between">
        <Text c="dimmed" size="sm">
          As it would be made now. Nothing is kept.
        </Text>
        <Button
          variant="default"
          loading={saving.isPending}
          leftSection={<Download size={17} aria-hidden />}
          onClick={() => saving.mutate()}
        >
          Save as PDF
        </Button>
      </Group>
      {saving.isError && <ProblemAlert problem={saving.error} />}
      <ReportPages pages={pages} of={`the report of ${name}`} />
    </Stack>
  );
}
