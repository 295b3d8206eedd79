/** Claimed and unclaimed accounts, slips for those who wait, and letting them in again (R2, R4). */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  type ListClaimsData,
  listClaims,
  printSlips,
  resetLapsed,
  type SlipsWanted,
  sendLinksAgain,
} from '~/client';
import { saveFile } from './file';

export type { Claim, ClaimCounts, ClaimList, ClaimsSummary, SlipsWanted } from '~/client';

export const claimsQuery = (query: ListClaimsData['query']) =>
  queryOptions({
    queryKey: ['claims', query],
    queryFn: async ({ signal }) => (await listClaims({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

/** The sheet is made by asking for it, and is nowhere but in the file that the browser saves. */
export async function saveSlips(wanted: SlipsWanted): Promise<void> {
  const sheet = (await printSlips({ body: wanted, parseAs: 'blob', throwOnError: true })).data;
  saveFile(sheet, 'slips.pdf');
}

export async function resetAllLapsed(): Promise<number> {
  return (await resetLapsed({ body: {}, throwOnError: true })).data.users;
}

export async function sendAllLinksAgain(): Promise<number> {
  return (await sendLinksAgain({ body: {}, throwOnError: true })).data.users;
}
