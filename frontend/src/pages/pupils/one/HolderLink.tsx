/** To the pupil who has the UPN already (R11). */
import { ProblemError } from '~/api/problem';
import { TextLink } from '~/components/links';

export function HolderLink({ problem }: { problem: Error | null }) {
  if (!(problem instanceof ProblemError) || problem.slug !== 'upn-taken') return null;
  if (!problem.inTheWayId) return null;
  return (
    <TextLink
      to="/pupils/$pupilId"
      params={{ pupilId: problem.inTheWayId }}
      size="sm"
      fw={600}
      c="brick.8"
    >
      Open the page of that pupil
    </TextLink>
  );
}
