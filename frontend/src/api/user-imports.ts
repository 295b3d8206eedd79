/** Users who come by a file: uploaded, looked through, confirmed once (R10). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  cancelUserImport,
  confirmUserImport,
  type ImportRow,
  type ImportWanted,
  listUserImportRows,
  previewUserImport,
  readUserImport,
  type UserImport,
  uploadUsers,
} from '~/client';

export type { ImportColumn, ImportRow, UserImport } from '~/client';

export type ImportOutcome = NonNullable<ImportRow['outcome']>;

/** Where the browser fetches files; the session's cookie goes with them. */
export const TEMPLATE = '/api/user-imports/template';
export const rowsToMend = (importId: string) => `/api/user-imports/${importId}/rejected`;

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ['user-imports', importId],
    queryFn: async ({ signal }) =>
      (await readUserImport({ path: { import_id: importId }, signal, throwOnError: true })).data,
  });

interface RowsWanted {
  outcome?: ImportOutcome;
  limit: number;
  cursor?: string;
}

/** Rows belong to one version of the preview. */
export const importRowsQuery = (importId: string, version: number, query: RowsWanted) =>
  queryOptions({
    queryKey: ['user-imports', importId, 'rows', version, query],
    queryFn: async ({ signal }) => {
      const path = { import_id: importId };
      return (await listUserImportRows({ path, query, signal, throwOnError: true })).data;
    },
    placeholderData: keepPreviousData,
  });

export async function uploadFile(file: File): Promise<UserImport> {
  const query = { file_name: file.name.slice(-200) };
  return (await uploadUsers({ query, body: file, throwOnError: true })).data;
}

export async function lookThrough(importId: string, body: ImportWanted): Promise<UserImport> {
  const path = { import_id: importId };
  return (await previewUserImport({ path, body, throwOnError: true })).data;
}

export async function confirmImport({ id, version }: UserImport): Promise<UserImport> {
  const body = { expected_version: version };
  return (await confirmUserImport({ path: { import_id: id }, body, throwOnError: true })).data;
}

export async function cancelImport(importId: string): Promise<void> {
  await cancelUserImport({ path: { import_id: importId }, throwOnError: true });
}

/** The import as the server has it now, and everything that its users are shown in. */
export function keepImport(queryClient: QueryClient, found: UserImport): void {
  queryClient.setQueryData(importQuery(found.id).queryKey, found);
  if (found.state === 'confirmed') void queryClient.invalidateQueries({ queryKey: ['users'] });
}
