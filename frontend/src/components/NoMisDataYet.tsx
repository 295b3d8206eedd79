/** In place of ‘nothing to do’, where nothing was ever heard of a MIS: the two would be one else. */
import { EmptyState, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { misQuery } from '~/api/mis';
import { ButtonLink } from './links';

export function NoMisDataYet({ otherwise }: { otherwise: ReactNode }) {
  const { data, isPending } = useQuery(misQuery);
  if (isPending) return null;
  const heard = !data || data.unavailable.includes('mis_sync') || data.link?.last_run;
  if (heard) return otherwise;
  return (
    <Stack align="center" gap={0} pb="xl">
      <EmptyState
        icon={<Unplug aria-hidden />}
        variant="light"
        pt="xl"
        pb="md"
        title="Nothing has come from your MIS yet"
        description="Once your MIS is linked and has sent its first data, what you have to decide stands here. Without a MIS there is nothing to do on this page."
      />
      <ButtonLink to="/data-management/mis-synchronisation" variant="default">
        MIS Synchronisation
      </ButtonLink>
    </Stack>
  );
}
