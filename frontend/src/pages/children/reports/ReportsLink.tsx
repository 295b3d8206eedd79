/** On a child's card: the way to the reports, and how many of them are new. */
import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { childReportsQuery } from '~/api/online-reports';
import { ButtonLink } from '~/components/links';

export function ReportsLink({ childId, name }: { childId: string; name: string }) {
  const reports = useQuery(childReportsQuery(childId)).data;
  const unread = reports?.filter(({ opened }) => !opened).length ?? 0;
  const more = unread > 0 ? `, ${unread} new` : '';
  return (
    <ButtonLink
      to="/children/$childId"
      params={{ childId }}
      mt="md"
      variant={unread > 0 ? 'filled' : 'default'}
      leftSection={<FileText size={17} aria-hidden />}
      aria-label={`Reports${more}: ${name}`}
    >
      Reports{more}
    </ButtonLink>
  );
}
