/** The MIS link as it is now: asked every two seconds while something is under way (R23). */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type MisLink, misQuery, refreshAfterRun } from '~/api/mis';
import { isRunning } from './link-states';

const WHILE_MOVING_MS = 2_000;
/** The first data may be a minute or days away. */
const WHILE_WAITING_MS = 5_000;
const OTHERWISE_MS = 60_000;

function pauseFor(link: MisLink | null | undefined): number {
  if (link?.state === 'provisioning' || isRunning(link?.last_run)) return WHILE_MOVING_MS;
  return link?.state === 'waiting' ? WHILE_WAITING_MS : OTHERWISE_MS;
}

export function useLiveMis() {
  const queryClient = useQueryClient();
  const page = useQuery({
    ...misQuery,
    refetchInterval: ({ state }) => pauseFor(state.data?.link),
  });
  const run = page.data?.link?.last_run;
  const seen = useRef<string>(undefined);

  // Each step of a run may have changed any list; the end of one has.
  const step = run ? `${run.id} ${run.state} ${run.finished_at}` : undefined;
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== step) refreshAfterRun(queryClient);
    if (page.isSuccess) seen.current = step ?? '';
  }, [step, page.isSuccess, queryClient]);

  return { page, run, running: isRunning(run) };
}
