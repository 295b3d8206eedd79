/** The MIS link as it is now: asked every two seconds while something is under way (R23). */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { misQuery, refreshAfterRun } from '~/api/mis';
import { isMoving, isRunning } from './link-states';

const WHILE_MOVING_MS = 2_000;
const OTHERWISE_MS = 60_000;

export function useLiveMis() {
  const queryClient = useQueryClient();
  const page = useQuery({
    ...misQuery,
    refetchInterval: ({ state }) => (isMoving(state.data?.link) ? WHILE_MOVING_MS : OTHERWISE_MS),
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
