/** The school's logo, which stands on its reports (R24). */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Logo, uploadLogo as postLogo, readLogo, takeLogoAway as removeLogo } from '~/client';

export type { Logo } from '~/client';

/** What the server takes; asked here first, so that nobody waits for a refusal. */
export const MOST_LOGO_BYTES = 5 * 1024 * 1024;

export const logoQuery = queryOptions({
  queryKey: ['logo'],
  queryFn: async ({ signal }) => (await readLogo({ signal, throwOnError: true })).data,
});

/** Another address for each version, so that a new picture is fetched. */
export const logoPicture = ({ version }: Logo) => `/api/logo/school-logo.png?version=${version}`;

export async function uploadLogo(file: File): Promise<Logo> {
  return (await postLogo({ body: file, throwOnError: true })).data;
}

export async function takeLogoAway(): Promise<void> {
  await removeLogo({ throwOnError: true });
}

/** What is in use now, for whoever shows it. */
export function keepLogo(queryClient: QueryClient, logo: Logo | null): void {
  queryClient.setQueryData(logoQuery.queryKey, { logo });
}
