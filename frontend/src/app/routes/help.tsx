/** Help, for everybody: in the frame of who is signed in, and without one for who is not. */
import { useQuery } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { sessionQuery } from '~/api/session';
import { stepOf } from '~/app/next-step';
import { AppLayout } from '~/layout/AppLayout';
import { PublicLayout } from '~/layout/PublicLayout';
import { root } from './layouts';

const helpPages = createRoute({
  getParentRoute: () => root,
  id: 'help',
  // Help can be read also while nobody can be signed in.
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(sessionQuery).catch(() => null),
  component: function HelpFrame() {
    const session = useQuery({ ...sessionQuery, enabled: false }).data;
    if (session && !stepOf(session)) return <AppLayout session={session} />;
    return (
      <PublicLayout wide>
        <Outlet />
      </PublicLayout>
    );
  },
});

const contentsRoute = createRoute({
  getParentRoute: () => helpPages,
  path: '/help',
  component: lazyRouteComponent(() => import('~/pages/help/HelpContentsPage'), 'HelpContentsPage'),
});

const HelpTextPage = lazyRouteComponent(() => import('~/pages/help/HelpTextPage'), 'HelpTextPage');

const helpTextRoute = createRoute({
  getParentRoute: () => helpPages,
  path: '/help/$slug',
  component: function OneHelpText() {
    const { slug } = helpTextRoute.useParams();
    return <HelpTextPage key={slug} slug={slug} />;
  },
  loader: () => HelpTextPage.preload?.(),
});

export const helpRoutes = helpPages.addChildren([contentsRoute, helpTextRoute]);
