/** Reports that are made in the background, and downloaded as files (R27). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  cancelGeneratedReports,
  type GeneratedReports,
  generateReports,
  listGeneratedReports,
  lookAtReports,
  makeReportsAgain,
  previewReport,
  previewReportPages,
  type ReportPreviewWanted,
  type ReportsLookWanted,
  type ReportsWanted,
  readReportChoices,
} from '~/client';

export type {
  GeneratedReports,
  ReportChoices,
  ReportPreviewWanted,
  ReportPupil,
  ReportScope,
  ReportsLook,
  ReportsLookWanted,
  ReportsWanted,
  ReportTerm,
} from '~/client';

import { saveFile } from './file';

const SOON_MS = 1_000;
const LATER_MS = 5_000;
const YOUNG_MS = 30_000;

const generated = ['generated-reports'];

/** Where the browser fetches the file; the session's cookie goes with it. */
export const reportsFile = (id: string) => `/api/generated-reports/${id}/file`;

export const reportChoicesQuery = queryOptions({
  queryKey: [...generated, 'choices'],
  queryFn: async ({ signal }) => (await readReportChoices({ signal, throwOnError: true })).data,
});

/** Whose reports they would be, and what is missing; nothing is asked before all is chosen. */
export const reportsLookQuery = (body: ReportsLookWanted | undefined) =>
  queryOptions({
    queryKey: [...generated, 'look', body],
    queryFn: async ({ signal }) => {
      if (!body) throw new Error('nothing is chosen yet');
      return (await lookAtReports({ body, signal, throwOnError: true })).data;
    },
    enabled: body !== undefined,
  });

export const previewPagesQuery = (body: ReportPreviewWanted) =>
  queryOptions({
    queryKey: [...generated, 'preview', body],
    queryFn: async ({ signal }) =>
      (await previewReportPages({ body, signal, throwOnError: true })).data.pages,
    staleTime: 0,
    gcTime: 0,
  });

/** The newest first. Asked again while something is made: often at first, then now and then. */
export const generatedReportsQuery = (query: { limit: number; cursor?: string }) =>
  queryOptions({
    queryKey: [...generated, 'all', query],
    queryFn: async ({ signal }) =>
      (await listGeneratedReports({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => askAgainIn(state.data?.items ?? [], Date.now()),
  });

export function isMoving({ state }: Pick<GeneratedReports, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

export function askAgainIn(
  jobs: readonly Pick<GeneratedReports, 'state' | 'asked_at'>[],
  now: number,
): number | false {
  const moving = jobs.filter(isMoving);
  if (moving.length === 0) return false;
  return moving.some((job) => now - Date.parse(job.asked_at) < YOUNG_MS) ? SOON_MS : LATER_MS;
}

export async function makeReports(body: ReportsWanted): Promise<GeneratedReports> {
  return (await generateReports({ body, throwOnError: true })).data;
}

export async function cancelReports(id: string): Promise<GeneratedReports> {
  return (await cancelGeneratedReports({ path: { job_id: id }, throwOnError: true })).data;
}

export async function makeAgain(id: string): Promise<GeneratedReports> {
  return (await makeReportsAgain({ path: { job_id: id }, throwOnError: true })).data;
}

/** The preview as a PDF, which the browser keeps. */
export async function savePreview(body: ReportPreviewWanted, name: string): Promise<void> {
  const file = (await previewReport({ body, parseAs: 'blob', throwOnError: true })).data;
  saveFile(file, name);
}

export function lookAgain(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [...generated, 'all'] });
}
