/** The MIS link as it is now: told by the server as it moves, and asked for now and then (R23). */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type MisLink, type MisPage, misQuery, refreshAfterRun } from '~/api/mis';
import { isAsked, isRunning } from './link-states';

const EVENTS = '/api/mis/events';
/** In case the stream of events is broken, or there are too many. */
const WHILE_MOVING_MS = 2_000;
const WHILE_WAITING_MS = 5_000;
const OTHERWISE_MS = 60_000;

function pauseFor(link: MisLink | null | undefined): number {
  if (link?.state === 'provisioning' || isRunning(link?.last_run)) return WHILE_MOVING_MS;
  if (isAsked(link)) return WHILE_MOVING_MS;
  return link?.state === 'waiting' ? WHILE_WAITING_MS : OTHERWISE_MS;
}

export function useLiveMis() {
  const queryClient = useQueryClient();
  const streaming = useRef(false);
  const page = useQuery({
    ...misQuery,
    refetchInterval: ({ state }) => (streaming.current ? OTHERWISE_MS : pauseFor(state.data?.link)),
  });
  const run = page.data?.link?.last_run;
  const seen = useRef<string>(undefined);

  useEffect(() => {
    const events = new EventSource(EVENTS);
    events.addEventListener('link', ({ data }: MessageEvent<string>) => {
      streaming.current = true;
      const link: MisLink = JSON.parse(data);
      queryClient.setQueryData(misQuery.queryKey, (before) => before && withLink(before, link));
    });
    events.addEventListener('error', () => {
      streaming.current = false;
    });
    return () => {
      streaming.current = false;
      events.close();
    };
  }, [queryClient]);

  // Each step of a run may have changed any list; the end of one has. So has news of a request.
  const step = page.data?.link ? stepOf(page.data.link) : undefined;
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== step) refreshAfterRun(queryClient);
    if (page.isSuccess) seen.current = step ?? '';
  }, [step, page.isSuccess, queryClient]);

  return { page, run, running: isRunning(run) };
}

function stepOf({ last_run: run, last_request: request }: MisLink): string {
  const asked = request && `${request.asked_at} ${request.heard_at} ${request.outcome}`;
  return `${run?.id} ${run?.state} ${run?.finished_at} ${asked}`;
}

function withLink(page: MisPage, link: MisLink): MisPage {
  return { ...page, link };
}
