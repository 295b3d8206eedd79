/** Every address of the frontend, who may open it, and what it shows. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ProblemError } from '~/api/problem';
import { type Account, sessionQuery } from '~/api/session';
import { Loading } from '~/components/messages';
import { AppLayout } from '~/layout/AppLayout';
import { PublicLayout } from '~/layout/PublicLayout';
import { AccountPage } from '~/pages/account/AccountPage';
import { TwoStepSettingsPage } from '~/pages/account/two-step/TwoStepSettingsPage';
import { ActivityPage, SUBJECT_KINDS } from '~/pages/activity/ActivityPage';
import { NotFoundPage } from '~/pages/errors/NotFoundPage';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { FirstPasswordPage } from '~/pages/first-password/FirstPasswordPage';
import { ForgottenPasswordPage } from '~/pages/forgotten-password/ForgottenPasswordPage';
import { GroupPage } from '~/pages/groups/GroupPage';
import { GroupsPage } from '~/pages/groups/GroupsPage';
import { HomePage } from '~/pages/home/HomePage';
import { LinkPage } from '~/pages/link/LinkPage';
import { MappingPage } from '~/pages/mapping/MappingPage';
import { MyGroupsPage } from '~/pages/my-groups/MyGroupsPage';
import { NotHerePage } from '~/pages/not-here/NotHerePage';
import { PupilsPage } from '~/pages/pupils/PupilsPage';
import { RollUpPage } from '~/pages/roll-up/RollUpPage';
import { SignInPage } from '~/pages/sign-in/SignInPage';
import { SynchronisationPage } from '~/pages/synchronisation/SynchronisationPage';
import { SetUpPage } from '~/pages/two-step/SetUpPage';
import { TwoStepPage } from '~/pages/two-step/TwoStepPage';
import { UserPage } from '~/pages/users/UserPage';
import { UsersPage } from '~/pages/users/UsersPage';
import { YEAR_GROUPS } from '~/school/words';
import { ANYTHING, listSearch } from './list-search';
import { localPath } from './local-path';
import { nextStep, stepOf } from './next-step';
import { parseSearch, stringifySearch } from './plain-search';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: (props) => (
    <PublicLayout>
      <ProblemPage {...props} />
    </PublicLayout>
  ),
});

const publicPages = createRoute({
  getParentRoute: () => root,
  id: 'public',
  component: () => (
    <PublicLayout>
      <Outlet />
    </PublicLayout>
  ),
});

export const signInRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/sign-in',
  validateSearch: (search): { next?: string; reason?: 'ended' | 'signed-out' } => ({
    next: localPath(search.next),
    reason: search.reason === 'ended' || search.reason === 'signed-out' ? search.reason : undefined,
  }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session) throw redirect({ href: nextStep(session, search.next) });
  },
  component: SignInPage,
});

const forgottenPasswordRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/forgotten-password',
  component: ForgottenPasswordPage,
});

/** The session of somebody whose next step of signing in is this page; others go on to theirs. */
async function atStep(queryClient: QueryClient, path: string, next?: string) {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (!session) throw redirect({ to: '/sign-in', search: { next } });
  if (stepOf(session) !== path) throw redirect({ href: nextStep(session, next) });
  return { session };
}

const firstPasswordRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/first-password',
  beforeLoad: ({ context }) => atStep(context.queryClient, '/first-password'),
  component: function FirstPassword() {
    return <FirstPasswordPage session={firstPasswordRoute.useRouteContext().session} />;
  },
});

const nextOf = (search: Record<string, unknown>): { next?: string } => ({
  next: localPath(search.next),
});

const twoStepRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/two-step',
  validateSearch: nextOf,
  beforeLoad: ({ context, search }) => atStep(context.queryClient, '/two-step', search.next),
  component: function TwoStep() {
    const { next } = twoStepRoute.useSearch();
    return <TwoStepPage session={twoStepRoute.useRouteContext().session} next={next} />;
  },
});

const setUpTwoStepRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/two-step/set-up',
  validateSearch: nextOf,
  beforeLoad: ({ context, search }) => atStep(context.queryClient, '/two-step/set-up', search.next),
  component: function SetUpTwoStep() {
    const { next } = setUpTwoStepRoute.useSearch();
    return <SetUpPage session={setUpTwoStepRoute.useRouteContext().session} next={next} />;
  },
});

/** The token stands in the fragment, which browsers send to nobody, or in the path. */
const linkRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/link/{-$token}',
  component: function SingleUseLink() {
    const { token } = linkRoute.useParams();
    const { hash } = linkRoute.useLoaderData();
    return <LinkPage token={token ?? hash} />;
  },
  loader: ({ location }) => ({ hash: location.hash }),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) {
      const next = location.href === '/' ? undefined : location.href;
      throw redirect({ to: '/sign-in', search: { next } });
    }
    if (stepOf(session)) throw redirect({ href: nextStep(session, location.href) });
    return { session };
  },
  component: function SignedIn() {
    const { session } = signedIn.useRouteContext();
    const current = useQuery(sessionQuery).data ?? session;
    return <AppLayout session={current} />;
  },
});

function only(account: Account, allowed: boolean): void {
  if (allowed) return;
  throw new ProblemError(403, {
    type: 'urn:classroom:problem:forbidden',
    title: 'This page is not for your account',
    detail:
      account.kind === 'admin'
        ? 'Only teachers and senior leaders can open it.'
        : 'Ask the person who looks after Classroom Monitor in your school if you need it.',
  });
}

const adminPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'admin',
  beforeLoad: ({ context: { session } }) => only(session.account, session.account.kind === 'admin'),
});

const wholeSchoolPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'whole-school',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, session.account.kind === 'admin' || session.account.role === 'slt'),
});

const staffPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'staff',
  beforeLoad: ({ context: { session } }) => only(session.account, session.account.kind === 'user'),
});

const homeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    if (session.account.kind === 'user') throw redirect({ to: '/my-groups' });
  },
  component: function Home() {
    return <HomePage session={homeRoute.useRouteContext().session} />;
  },
});

const accountRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: function MyAccount() {
    return <AccountPage session={accountRoute.useRouteContext().session} />;
  },
});

const ownTwoStepRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/account/two-step',
  component: function OwnTwoStep() {
    return <TwoStepSettingsPage session={ownTwoStepRoute.useRouteContext().session} />;
  },
});

const synchronisationRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/mis-synchronisation',
  component: SynchronisationPage,
});

const mappingRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/mis-mapping',
  component: MappingPage,
});

const notHereRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/not-here',
  component: NotHerePage,
});

const rollUpRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/roll-up',
  component: RollUpPage,
});

export const usersRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/users',
  validateSearch: listSearch({ role: ['teacher', 'slt'], password: ['default', 'own'] }),
  component: UsersPage,
});

const userRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/users/$userId',
  component: function OneUser() {
    const { userId } = userRoute.useParams();
    return <UserPage key={userId} userId={userId} />;
  },
});

export const activityRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/activity',
  validateSearch: listSearch({
    from: ANYTHING,
    to: ANYTHING,
    who: ANYTHING,
    about: SUBJECT_KINDS,
    action: ANYTHING,
  }),
  component: ActivityPage,
});

export const pupilsRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/pupils',
  validateSearch: listSearch({ year: YEAR_GROUPS, group: ANYTHING, without: ['upn', 'class'] }),
  component: function Pupils() {
    return <PupilsPage session={pupilsRoute.useRouteContext().session} />;
  },
});

export const groupsRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/groups',
  validateSearch: listSearch({ kind: ['class', 'set'] }),
  component: function Groups() {
    return <GroupsPage session={groupsRoute.useRouteContext().session} />;
  },
});

const groupRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/groups/$groupId',
  component: function OneGroup() {
    const { session } = groupRoute.useRouteContext();
    const area = session.account.kind === 'admin' ? 'Group Management' : 'Groups';
    return <GroupPage groupId={groupRoute.useParams().groupId} area={area} listedAt="/groups" />;
  },
});

const myGroupsRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/my-groups',
  component: MyGroupsPage,
});

const myGroupRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/my-groups/$groupId',
  component: function MyGroup() {
    const { groupId } = myGroupRoute.useParams();
    return <GroupPage groupId={groupId} area="My groups" listedAt="/my-groups" />;
  },
});

/** Whatever else stands in the address bar. */
const nowhereRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

const routeTree = root.addChildren([
  publicPages.addChildren([
    signInRoute,
    forgottenPasswordRoute,
    firstPasswordRoute,
    twoStepRoute,
    setUpTwoStepRoute,
    linkRoute,
  ]),
  signedIn.addChildren([
    homeRoute,
    accountRoute,
    ownTwoStepRoute,
    adminPages.addChildren([
      synchronisationRoute,
      mappingRoute,
      notHereRoute,
      rollUpRoute,
      usersRoute,
      userRoute,
      activityRoute,
    ]),
    wholeSchoolPages.addChildren([pupilsRoute, groupsRoute, groupRoute]),
    staffPages.addChildren([myGroupsRoute, myGroupRoute]),
    nowhereRoute,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
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
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
