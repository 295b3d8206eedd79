/** Help, for everybody: in the frame of who is signed in, and without one for who is not. */
import { useQuery } from '@tanstack/react-query';
import { createRoute, Outlet } from '@tanstack/react-router';
import { sessionQuery } from '~/api/session';
import { lazyPage, withPage } from '~/app/lazy-page';
import { stepOf } from '~/app/next-step';
import { PublicLayout } from '~/layout/PublicLayout';
import { AppLayout, root } from './layouts';

const helpPages = createRoute({
  getParentRoute: () => root,
  id: 'help',
  // Help can be read also while nobody can be signed in.
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(sessionQuery).catch(() => null),
  component: withPage(AppLayout, function HelpFrame() {
    const session = useQuery({ ...sessionQuery, enabled: false }).data;
    if (session && !stepOf(session)) return <AppLayout session={session} />;
    return (
      <PublicLayout wide>
        <Outlet />
      </PublicLayout>
    );
  }),
});

const contentsRoute = createRoute({
  getParentRoute: () => helpPages,
  path: '/help',
  component: lazyPage(() => import('~/pages/help/HelpContentsPage'), 'HelpContentsPage'),
});

const HelpTextPage = lazyPage(() => import('~/pages/help/HelpTextPage'), 'HelpTextPage');

const helpTextRoute = createRoute({
  getParentRoute: () => helpPages,
  path: '/help/$slug',
  component: withPage(HelpTextPage, function OneHelpText() {
    const { slug } = helpTextRoute.useParams();
    return <HelpTextPage key={slug} slug={slug} />;
  }),
});

export const helpRoutes = helpPages.addChildren([contentsRoute, helpTextRoute]);
