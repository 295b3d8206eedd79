/** In the list of reports that were made: the way to publishing them to parents. */
import { Send } from 'lucide-react';
import type { GeneratedReports } from '~/api/generated-reports';
import { ButtonLink } from '~/components/links';

/** What was made once can be published, though its file may be gone by now. */
export function ToParents({ job }: { job: GeneratedReports }) {
  if (job.state !== 'done' && job.state !== 'gone') return null;
  return (
    <ButtonLink
      to="/generate-reports/$jobId/parents"
      params={{ jobId: job.id }}
      variant="default"
      size="xs"
      leftSection={<Send size={15} aria-hidden />}
      aria-label={`Online for parents: the reports of ${job.scope_name}`}
    >
      Online for parents
    </ButtonLink>
  );
}
