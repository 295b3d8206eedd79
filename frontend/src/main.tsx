/** Where the frontend starts: the theme, the cache, the router and the client, put together. */
import '@fontsource-variable/atkinson-hyperlegible-next';
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import './app/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { configureClient } from './api/http';
import { currentSession } from './api/session';
import { doorOf, SIGN_IN } from './app/doors';
import { createQueryClient } from './app/query-client';
import { createAppRouter } from './app/router';
import { cssVariables, theme } from './app/theme';

const queryClient = createQueryClient(({ account }) => {
  const { href } = router.state.location;
  const to = SIGN_IN[doorOf(account)];
  void router.navigate({ to, search: { next: href, reason: 'ended' } });
});
const router = createAppRouter(queryClient);
configureClient(() => currentSession(queryClient)?.csrf_token);

/** Style elements made while the page runs carry the nonce of the content security policy. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
Object.assign(window, { __webpack_nonce__: nonce }); // the name under which react-remove-scroll looks

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no element with the id "root"');
createRoot(container).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme="light"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="top-center" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
