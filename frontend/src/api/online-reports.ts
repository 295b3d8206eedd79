/** What is published to parents: for who publishes it, and for the parents who read it (R27). */
import { queryOptions } from '@tanstack/react-query';
import {
  listChildReports,
  type PublicationPage,
  publishReports,
  readChildReport,
  readPublication,
  withdrawReports,
} from '~/client';

export type {
  ChildReport,
  ChildReportSummary,
  Publication,
  PublicationPage,
  PublishedPupil,
} from '~/client';

export const publicationQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['online-reports', jobId],
    queryFn: async ({ signal }) =>
      (await readPublication({ path: { job_id: jobId }, signal, throwOnError: true })).data,
  });

export async function publish(jobId: string, pupilIds: string[]): Promise<PublicationPage> {
  const body = { pupil_ids: pupilIds };
  return (await publishReports({ path: { job_id: jobId }, body, throwOnError: true })).data;
}

export async function withdraw(jobId: string, pupilIds: string[]): Promise<PublicationPage> {
  const body = { pupil_ids: pupilIds };
  return (await withdrawReports({ path: { job_id: jobId }, body, throwOnError: true })).data;
}

export const childReportsQuery = (childId: string) =>
  queryOptions({
    queryKey: ['children', childId, 'reports'],
    queryFn: async ({ signal }) =>
      (await listChildReports({ path: { child_id: childId }, signal, throwOnError: true })).data
        .items,
    staleTime: 0,
  });

/** Asked anew whenever somebody comes back to it, and now and then: it may have been withdrawn. */
export const childReportQuery = (childId: string, reportId: string) =>
  queryOptions({
    queryKey: ['children', childId, 'reports', reportId],
    queryFn: async ({ signal }) => {
      const path = { child_id: childId, report_id: reportId };
      return (await readChildReport({ path, signal, throwOnError: true })).data;
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 60_000,
  });

/** Where the browser fetches the PDF; the session's cookie goes with it. */
export const childReportFile = (childId: string, reportId: string) =>
  `/api/children/${childId}/reports/${reportId}/file`;

export const childReportLogo = (childId: string, reportId: string) =>
  `/api/children/${childId}/reports/${reportId}/school-logo.png`;
