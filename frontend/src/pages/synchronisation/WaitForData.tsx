/** The connector has been heard: the first data from the MIS, asked for here or coming by itself. */
import { Alert, Group, Loader, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import type { MisLink, Run } from '~/api/mis';
import { formatMoment } from '~/school/words';
import { AskForSnapshot } from './AskForSnapshot';
import { LastRequest } from './LastRequest';
import { isAsked, isStandingStill } from './link-states';
import { GOES_ON, progressInWords } from './run-counts';

export function WaitForData({ link, run }: { link: MisLink; run: Run | undefined }) {
  const asked = link.last_request;
  const comes = run !== undefined || isAsked(link) || asked?.outcome === 'answered';
  return (
    <Stack>
      {link.connector?.heard_at && (
        <Alert
          color="leaf"
          icon={<CircleCheck aria-hidden />}
          title="The connection works"
          role="status"
        >
          The connector was heard: {formatMoment(link.connector.heard_at)}.
        </Alert>
      )}
      <LastRequest link={link} />
      {comes ? (
        <Group role="status" gap="sm" wrap="nowrap">
          {!isStandingStill(run) && <Loader type="dots" size="sm" aria-hidden />}
          <Text fw={600}>{underWay(run, asked?.heard_at)}</Text>
        </Group>
      ) : (
        <Text>
          {link.connector?.listens
            ? `Your MIS is asked every night at about ${link.asked_at}. You need not wait for it:`
            : 'The data comes as soon as the connector has read the export.'}
        </Text>
      )}
      {link.connector?.listens && !comes && (
        <Group justify="flex-end">
          <AskForSnapshot label="Get the first data now" />
        </Group>
      )}
    </Stack>
  );
}

function underWay(run: Run | undefined, heard: string | null | undefined): string {
  if (run && isStandingStill(run)) {
    return `The first data has stopped coming. ${progressInWords(run)}. ${GOES_ON}`;
  }
  if (run) return `The first data is coming. ${progressInWords(run) ?? 'Comparing'}…`;
  if (heard) return 'The connector has heard, and reads the export…';
  return 'Your MIS has been asked…';
}
