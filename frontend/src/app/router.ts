/** Every address of the frontend: who may open it and what it shows stands in `routes/`. */
import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Loading } from '~/components/messages';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { rememberPages } from './came-from';
import { parseSearch, stringifySearch } from './plain-search';
import { adminRoutes } from './routes/admin';
import { helpRoutes } from './routes/help';
import { root, signedIn } from './routes/layouts';
import { ownRoutes } from './routes/own';
import { publicRoutes } from './routes/public';
import { schoolRoutes } from './routes/school';

export const routeTree = root.addChildren([
  publicRoutes,
  helpRoutes,
  signedIn.addChildren([...ownRoutes, adminRoutes, ...schoolRoutes]),
]);

export function createAppRouter(queryClient: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Loading,
    defaultErrorComponent: ProblemPage,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
  rememberPages(router);
  return router;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
