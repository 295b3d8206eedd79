/** What became of the last time that the MIS was asked, where a person should look (R16, R23). */
import { Alert, type AlertProps, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { MisLink } from '~/api/mis';
import { formatMoment } from '~/school/words';
import { sendsByItself } from './link-steps';

interface LastRequestProps extends Pick<AlertProps, 'mt'> {
  link: MisLink;
}

export function LastRequest({ link, mt }: LastRequestProps) {
  const request = link.last_request;
  if (request?.outcome !== 'failed' && request?.outcome !== 'not_heard') return null;
  // One that sends by a timer of the school's never hears; whether it is late is the link's state.
  if (request.outcome === 'not_heard' && sendsByItself(link)) return null;
  const title =
    request.outcome === 'failed'
      ? 'The connector could not read your MIS'
      : 'The connector did not answer';
  return (
    <Alert mt={mt} color="amber" icon={<TriangleAlert aria-hidden />} title={title} role="status">
      <Text size="sm">{request.reason}</Text>
      <Text size="sm" c="dimmed">
        {formatMoment(request.asked_at)}
      </Text>
    </Alert>
  );
}
