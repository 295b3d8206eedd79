/** The MIS link and its runs (R15, R23). What differs and is mapped is in `mapping.ts`. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  linkMis,
  listRunChanges,
  listRuns,
  putRunAside,
  type RunChange,
  type RunRelease,
  readHeldRun,
  readMis,
  readRun,
  releaseRun,
  renewCredentials as renewCredentialsOf,
  requestSnapshot,
  unlinkMis,
} from '~/client';

export type {
  FieldChange,
  Gone,
  HeldRun,
  Linked,
  MisLink,
  MisPage,
  Run,
  RunChange,
} from '~/client';

export const misQuery = queryOptions({
  queryKey: ['mis', 'page'],
  queryFn: async ({ signal }) => (await readMis({ signal, throwOnError: true })).data,
});

export const runsQuery = queryOptions({
  queryKey: ['mis', 'runs'],
  queryFn: async ({ signal }) =>
    (await listRuns({ query: { limit: 20 }, signal, throwOnError: true })).data.items,
});

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['mis', 'run', runId],
    queryFn: async ({ signal }) =>
      (await readRun({ path: { run_id: runId }, signal, throwOnError: true })).data,
  });

export const heldQuery = (runId: string) =>
  queryOptions({
    queryKey: ['mis', 'held', runId],
    queryFn: async ({ signal }) =>
      (await readHeldRun({ path: { run_id: runId }, signal, throwOnError: true })).data,
  });

interface ChangesQuery {
  search?: string;
  kind?: RunChange['kind'];
  outcome?: RunChange['outcome'];
  limit: number;
  cursor?: string;
}

export const runChangesQuery = (runId: string, query: ChangesQuery) =>
  queryOptions({
    queryKey: ['mis', 'changes', runId, query],
    queryFn: async ({ signal }) =>
      (await listRunChanges({ path: { run_id: runId }, query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

/** Let what is held go on. Nothing happens if others would be gone by now than were shown. */
export async function release(runId: string, shown: RunRelease): Promise<void> {
  await releaseRun({ path: { run_id: runId }, body: shown, throwOnError: true });
}

export async function putAside(runId: string): Promise<void> {
  await putRunAside({ path: { run_id: runId }, throwOnError: true });
}

/** Makes the connector's credentials, told once and never again. `seen` is the connector shown. */
export async function makeLink(seen: string | null) {
  return (await linkMis({ body: { connector_id: seen }, throwOnError: true })).data;
}

/** New credentials in place of the old. `seen` is the connector that the page shows. */
export async function renewCredentials(seen: string) {
  return (await renewCredentialsOf({ body: { connector_id: seen }, throwOnError: true })).data;
}

export async function endLink(seen: string): Promise<void> {
  await unlinkMis({ body: { connector_id: seen }, throwOnError: true });
}

export async function askForSnapshot(): Promise<void> {
  await requestSnapshot({ throwOnError: true });
}

/** A run changes pupils, groups, users and the home page: everything but the session is old. */
export function refreshAfterRun(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
