/** The MIS link, its runs, the differences, and the mapping that resolves them (R15–R23). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type Decision,
  type Difference,
  linkMis,
  listDifferences,
  listNotHere,
  listRunChanges,
  listRuns,
  type NotHere,
  previewMapping,
  putRunAside,
  type RunChange,
  type RunRelease,
  readHeldRun,
  readMis,
  readRun,
  releaseRun,
  renewCredentials as renewCredentialsOf,
  requestSnapshot,
  saveMapping,
  unlinkMis,
} from '~/client';

export type {
  Decision,
  Difference,
  FieldChange,
  Gone,
  HeldRun,
  Linked,
  Mapped,
  MappingPreview,
  MappingResult,
  MisLink,
  MisPage,
  NotHere,
  Run,
  RunChange,
} from '~/client';

const LARGEST_PAGE = 200;

/** A list to its end, since the pages that show it decide about the whole of it. */
async function all<Item>(
  page: (cursor: string | undefined) => Promise<{ items: Item[]; next_cursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const { items: more, next_cursor: next } = await page(cursor ?? undefined);
    items.push(...more);
    cursor = next;
  } while (cursor);
  return items;
}

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

export const differencesQuery = (state: 'open' | 'ignored') =>
  queryOptions({
    queryKey: ['mis', 'differences', state],
    queryFn: ({ signal }): Promise<Difference[]> =>
      all(async (cursor) => {
        const query = { state, cursor, limit: LARGEST_PAGE };
        return (await listDifferences({ query, signal, throwOnError: true })).data;
      }),
  });

export const notHereQuery = queryOptions({
  queryKey: ['mis', 'not-here'],
  queryFn: ({ signal }): Promise<NotHere[]> =>
    all(async (cursor) => {
      const query = { cursor, limit: LARGEST_PAGE };
      return (await listNotHere({ query, signal, throwOnError: true })).data;
    }),
});

/** Makes the connector's credentials. They are told once and never again. */
export async function makeLink() {
  return (await linkMis({ throwOnError: true })).data;
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

/** What saving would do. */
export async function consequencesOf(decisions: Decision[]) {
  return (await previewMapping({ body: { decisions }, throwOnError: true })).data;
}

export async function saveDecisions(decisions: Decision[]) {
  return (await saveMapping({ body: { decisions }, throwOnError: true })).data;
}

/** The gateway takes no more in one request. */
export const MOST_DECISIONS_AT_ONCE = 500;

/** A run changes pupils, groups, users and the home page: everything but the session is old. */
export function refreshAfterRun(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
