/** The admin account's e-mail address, which a head or deputy asks to change (R5). */
import { queryOptions } from '@tanstack/react-query';
import {
  type AddressLinkShown,
  type AdminEmail,
  askForAdminEmail,
  cancelAdminEmail,
  cancelAdminEmailByLink,
  confirmAdminEmail,
  type NewAdminEmail,
  readAdminEmail,
  showAddressLink,
} from '~/client';

export type { AddressLinkShown, AdminEmail };

/** What a link from one of the mails does. */
export type LinkDoes = 'confirm' | 'cancel';

export const adminEmailQuery = queryOptions({
  queryKey: ['admin-email'],
  queryFn: async ({ signal }) => (await readAdminEmail({ signal, throwOnError: true })).data,
});

export async function askForAddress(body: NewAdminEmail): Promise<AdminEmail> {
  return (await askForAdminEmail({ body, throwOnError: true })).data;
}

export async function cancelRequest(id: string): Promise<void> {
  await cancelAdminEmail({ path: { request_id: id }, throwOnError: true });
}

export async function showLink(token: string, does: LinkDoes): Promise<AddressLinkShown> {
  return (await showAddressLink({ body: { token, does }, throwOnError: true })).data;
}

export async function followLink(token: string, does: LinkDoes): Promise<AddressLinkShown> {
  const use = does === 'confirm' ? confirmAdminEmail : cancelAdminEmailByLink;
  return (await use({ body: { token }, throwOnError: true })).data;
}
