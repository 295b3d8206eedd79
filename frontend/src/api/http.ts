/**
 * How the generated client speaks to the gateway: failures are thrown as `ProblemError`, and what
 * changes something carries the session's CSRF token.
 */
import { client } from '~/client/client.gen';
import { asProblem } from './problem';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function configureClient(csrfToken: () => string | undefined): void {
  client.setConfig({ throwOnError: true });
  client.interceptors.request.use((request) => {
    const token = csrfToken();
    if (token && !SAFE_METHODS.has(request.method)) request.headers.set('X-CSRF-Token', token);
    return request;
  });
  client.interceptors.error.use((error, response) => asProblem(error, response?.status));
}
