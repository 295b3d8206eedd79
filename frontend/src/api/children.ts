/** What parents do and see: their children's dates of birth, once, and then their children. */
import { queryOptions } from '@tanstack/react-query';
import {
  confirmChildren,
  type DatesGiven,
  readChildrenToConfirm,
  readOwnChildren,
  type Session,
} from '~/client';

export type { OwnChildren } from '~/client';

export const childrenToConfirmQuery = queryOptions({
  queryKey: ['children', 'to-confirm'],
  queryFn: async ({ signal }) =>
    (await readChildrenToConfirm({ signal, throwOnError: true })).data.items,
});

/** All dates are right, or none counts. */
export async function giveDates(dates: DatesGiven['dates']): Promise<Session> {
  return (await confirmChildren({ body: { dates }, throwOnError: true })).data;
}

export const ownChildrenQuery = queryOptions({
  queryKey: ['children'],
  queryFn: async ({ signal }) => (await readOwnChildren({ signal, throwOnError: true })).data,
});
