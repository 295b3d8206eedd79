/** Contact us: whom one can reach, writing to support, and what one has sent. */
import { queryOptions } from '@tanstack/react-query';
import { type NewSupportMessage, readContact, writeToSupport } from '~/client';

export type { Contact, NewSupportMessage, SupportMessage } from '~/client';

export const contactQuery = queryOptions({
  queryKey: ['contact'],
  queryFn: async ({ signal }) => (await readContact({ signal, throwOnError: true })).data,
});

export async function sendToSupport(body: NewSupportMessage) {
  return (await writeToSupport({ body, throwOnError: true })).data;
}
