/** Pupils who come by a file: uploaded, looked through, confirmed once, and undone (R10). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  cancelPupilImport,
  confirmPupilImport,
  listPupilImportRows,
  listPupilImports,
  type PupilImport,
  type PupilImportRow,
  type PupilImportWanted,
  previewPupilImport,
  readPupilImport,
  undoPupilImport,
  uploadPupils,
} from '~/client';

export type { PupilImport, PupilImportColumn, PupilImportRow } from '~/client';

export type PupilOutcome = PupilImportRow['outcome'];
export type PupilImportCounts = NonNullable<PupilImport['counts']>;
export type How = PupilImport['how'];

/** Where the browser fetches files; the session's cookie goes with them. */
export const templateFile = (form: 'csv' | 'xlsx') => `/api/pupil-imports/template?form=${form}`;
export const pupilsToMend = (importId: string) => `/api/pupil-imports/${importId}/rejected`;

const WHILE_MOVING_MS = 1_000;

/** Whether something goes on in it now, on its own. */
export function isMoving({ state }: Pick<PupilImport, 'state'>): boolean {
  return state === 'reading' || state === 'applying';
}

const imports = ['pupil-imports'];

export const pupilImportQuery = (importId: string) =>
  queryOptions({
    queryKey: [...imports, importId],
    queryFn: async ({ signal }) =>
      (await readPupilImport({ path: { import_id: importId }, signal, throwOnError: true })).data,
    refetchInterval: ({ state }) => state.data && isMoving(state.data) && WHILE_MOVING_MS,
  });

/**
 * How far an import is that this page has just sent or confirmed; nothing is asked without its id.
 * An upload may not be there yet.
 */
export const movingQuery = (importId: string | undefined) =>
  queryOptions({
    ...pupilImportQuery(importId ?? ''),
    queryKey: [...imports, importId ?? '', 'moving'],
    enabled: importId !== undefined,
    retry: false,
    refetchInterval: WHILE_MOVING_MS,
  });

/** The newest first. */
export const pupilImportsQuery = queryOptions({
  queryKey: [...imports, 'all'],
  queryFn: async ({ signal }) => (await listPupilImports({ signal, throwOnError: true })).data,
  refetchInterval: ({ state }) => state.data?.items.some(isMoving) && WHILE_MOVING_MS,
});

interface RowsWanted {
  outcome?: PupilOutcome;
  limit: number;
  cursor?: string;
}

/** Rows belong to one version of the preview. */
export const pupilImportRowsQuery = (importId: string, version: number, query: RowsWanted) =>
  queryOptions({
    queryKey: [...imports, importId, 'rows', version, query],
    queryFn: async ({ signal }) => {
      const path = { import_id: importId };
      return (await listPupilImportRows({ path, query, signal, throwOnError: true })).data;
    },
    placeholderData: keepPreviousData,
  });

export async function uploadPupilFile(file: File, importId?: string): Promise<PupilImport> {
  const query = { file_name: file.name.slice(-200), import_id: importId };
  return (await uploadPupils({ query, body: file, throwOnError: true })).data;
}

export async function lookThroughPupils(
  importId: string,
  body: PupilImportWanted,
): Promise<PupilImport> {
  const path = { import_id: importId };
  return (await previewPupilImport({ path, body, throwOnError: true })).data;
}

/** `makeManyInactive` is said once more where more than 20 % of the roll would become inactive. */
export async function confirmPupils(
  { id, version }: PupilImport,
  makeManyInactive: boolean,
): Promise<PupilImport> {
  const body = { expected_version: version, make_many_inactive: makeManyInactive };
  return (await confirmPupilImport({ path: { import_id: id }, body, throwOnError: true })).data;
}

export async function undoPupils(importId: string): Promise<PupilImport> {
  return (await undoPupilImport({ path: { import_id: importId }, throwOnError: true })).data;
}

export async function cancelPupils(importId: string): Promise<void> {
  await cancelPupilImport({ path: { import_id: importId }, throwOnError: true });
}

/** The import as the server has it now, and everything that its pupils are shown in. */
export function keepPupilImport(queryClient: QueryClient, found: PupilImport): void {
  queryClient.setQueryData(pupilImportQuery(found.id).queryKey, found);
  void queryClient.invalidateQueries({ queryKey: pupilImportsQuery.queryKey });
  if (found.state === 'confirmed' || found.state === 'undone') {
    void queryClient.invalidateQueries({ queryKey: ['roster'] });
  }
}
