/** Marks that come by a file: uploaded, looked through, confirmed once (R10, R26). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  cancelMarkImport,
  confirmMarkImport,
  listMarkImportRows,
  type MarkImport,
  type MarkImportRow,
  type MarkImportWanted,
  previewMarkImport,
  readMarkImport,
  uploadMarks,
} from '~/client';
import type { Place } from './markbook';

export type { MarkImport, MarkImportColumn, MarkImportRow } from '~/client';

export type MarkImportOutcome = NonNullable<MarkImportRow['outcome']>;

/** Where the browser fetches the rows to mend; the session's cookie goes with it. */
export const rowsToMend = (importId: string) => `/api/mark-imports/${importId}/rejected`;

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ['mark-imports', importId],
    queryFn: async ({ signal }) =>
      (await readMarkImport({ path: { import_id: importId }, signal, throwOnError: true })).data,
  });

interface RowsWanted {
  outcome?: MarkImportOutcome;
  limit: number;
  cursor?: string;
}

/** Rows belong to one version of the preview. */
export const importRowsQuery = (importId: string, version: number, query: RowsWanted) =>
  queryOptions({
    queryKey: ['mark-imports', importId, 'rows', version, query],
    queryFn: async ({ signal }) => {
      const path = { import_id: importId };
      return (await listMarkImportRows({ path, query, signal, throwOnError: true })).data;
    },
    placeholderData: keepPreviousData,
  });

export async function uploadFile(file: File, place: Place): Promise<MarkImport> {
  const query = {
    file_name: file.name.slice(-200),
    group_id: place.group,
    subject_id: place.subject,
    term_id: place.term,
  };
  return (await uploadMarks({ query, body: file, throwOnError: true })).data;
}

export async function lookThrough(importId: string, body: MarkImportWanted): Promise<MarkImport> {
  const path = { import_id: importId };
  return (await previewMarkImport({ path, body, throwOnError: true })).data;
}

export async function confirmImport({ id, version }: MarkImport): Promise<MarkImport> {
  const body = { expected_version: version };
  return (await confirmMarkImport({ path: { import_id: id }, body, throwOnError: true })).data;
}

export async function cancelImport(importId: string): Promise<void> {
  await cancelMarkImport({ path: { import_id: importId }, throwOnError: true });
}

/** The import as the server has it now, and the marks that it changed. */
export function keepImport(queryClient: QueryClient, found: MarkImport): void {
  queryClient.setQueryData(importQuery(found.id).queryKey, found);
  if (found.state === 'confirmed') {
    void queryClient.invalidateQueries({ queryKey: ['markbook', 'marks'] });
  }
}
