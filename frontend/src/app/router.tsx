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
import { useFreshSession } from '~/layout/fresh-session';
import { PublicLayout } from '~/layout/PublicLayout';
import { AccountPage } from '~/pages/account/AccountPage';
import { TwoStepSettingsPage } from '~/pages/account/two-step/TwoStepSettingsPage';
import { ActivityPage, SUBJECT_KINDS } from '~/pages/activity/ActivityPage';
import { AddressLinkPage } from '~/pages/admin-account/AddressLinkPage';
import { AdminAccountPage } from '~/pages/admin-account/AdminAccountPage';
import { ChildrenPage } from '~/pages/children/ChildrenPage';
import { ConfirmChildrenPage } from '~/pages/children/ConfirmChildrenPage';
import { ClaimsPage } from '~/pages/claims/ClaimsPage';
import { STATE_NAMES } from '~/pages/claims/states';
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
import { ParentPage } from '~/pages/parents/ParentPage';
import { ParentsPage } from '~/pages/parents/ParentsPage';
import { PupilsPage } from '~/pages/pupils/PupilsPage';
import { RollUpPage } from '~/pages/roll-up/RollUpPage';
import { SettingsPage } from '~/pages/settings/SettingsPage';
import { SignInPage } from '~/pages/sign-in/SignInPage';
import { SynchronisationPage } from '~/pages/synchronisation/SynchronisationPage';
import { SetUpPage } from '~/pages/two-step/SetUpPage';
import { TwoStepPage } from '~/pages/two-step/TwoStepPage';
import { ImportPage } from '~/pages/users/import/ImportPage';
import { UserPage } from '~/pages/users/UserPage';
import { UsersPage } from '~/pages/users/UsersPage';
import { YEAR_GROUPS } from '~/school/words';
import { doorTo, SIGN_IN } from './doors';
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

interface SignInSearch {
  next?: string;
  reason?: 'ended' | 'signed-out';
}

const signInSearch = (search: Record<string, unknown>): SignInSearch => ({
  next: localPath(search.next),
  reason: search.reason === 'ended' || search.reason === 'signed-out' ? search.reason : undefined,
});

/** Who is signed in already goes on. */
async function notSignedIn(queryClient: QueryClient, next?: string) {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session) throw redirect({ href: nextStep(session, next) });
}

export const signInRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: ({ context, search }) => notSignedIn(context.queryClient, search.next),
  component: function SignIn() {
    const { next, reason } = signInRoute.useSearch();
    return <SignInPage door="staff" next={next} reason={reason} />;
  },
});

const parentSignInRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/parents/sign-in',
  validateSearch: signInSearch,
  beforeLoad: ({ context, search }) => notSignedIn(context.queryClient, search.next),
  component: function SignInForParents() {
    const { next, reason } = parentSignInRoute.useSearch();
    return <SignInPage door="parent" next={next} reason={reason} />;
  },
});

const forgottenPasswordRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/forgotten-password',
  component: () => <ForgottenPasswordPage door="staff" />,
});

const parentForgottenPasswordRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/parents/forgotten-password',
  component: () => <ForgottenPasswordPage door="parent" />,
});

/** The session of somebody whose next step of signing in is this page; others go on to theirs. */
async function atStep(queryClient: QueryClient, path: string, next?: string) {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (!session) throw redirect({ to: SIGN_IN[doorTo(path)], search: { next } });
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

const confirmChildrenRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/confirm-children',
  validateSearch: nextOf,
  beforeLoad: ({ context, search }) =>
    atStep(context.queryClient, '/confirm-children', search.next),
  component: function ConfirmChildren() {
    const { next } = confirmChildrenRoute.useSearch();
    return (
      <ConfirmChildrenPage session={confirmChildrenRoute.useRouteContext().session} next={next} />
    );
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

/** As above, of the mails about the admin account's address (R5). */
const confirmAddressRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/confirm-address',
  component: function ConfirmAddress() {
    return <AddressLinkPage token={confirmAddressRoute.useLoaderData().hash} does="confirm" />;
  },
  loader: ({ location }) => ({ hash: location.hash }),
});

const stopAddressRoute = createRoute({
  getParentRoute: () => publicPages,
  path: '/stop-address-change',
  component: function StopAddressChange() {
    return <AddressLinkPage token={stopAddressRoute.useLoaderData().hash} does="cancel" />;
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
      throw redirect({ to: SIGN_IN[doorTo(location.href)], search: { next } });
    }
    if (stepOf(session)) throw redirect({ href: nextStep(session, location.href) });
    return { session };
  },
  component: function SignedIn() {
    const { session } = signedIn.useRouteContext();
    const current = useQuery(sessionQuery).data ?? session;
    useFreshSession();
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

const leaderPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'leaders',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, Boolean(session.account.leadership)),
});

const homeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    if (session.account.kind === 'user') throw redirect({ to: '/my-groups' });
    if (session.account.kind === 'parent') throw redirect({ to: '/children' });
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

const childrenRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/children',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, session.account.kind === 'parent'),
  component: ChildrenPage,
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
  validateSearch: listSearch({
    role: ['teacher', 'slt', 'deputy', 'head'],
    password: ['default', 'own'],
    class: ['none', 'some'],
  }),
  component: UsersPage,
});

const claimsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/users/claims',
  validateSearch: listSearch({ state: STATE_NAMES }),
  component: ClaimsPage,
});

const importUsersRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/users/import',
  validateSearch: (search): { file?: string; step?: 'columns' } => ({
    file: typeof search.file === 'string' && search.file ? search.file : undefined,
    step: search.step === 'columns' ? 'columns' : undefined,
  }),
  component: ImportPage,
});

const userRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/users/$userId',
  validateSearch: (raw: Record<string, unknown>): { replaces?: string } =>
    typeof raw.replaces === 'string' ? { replaces: raw.replaces } : {},
  component: function OneUser() {
    const { userId } = userRoute.useParams();
    const { replaces } = userRoute.useSearch();
    return <UserPage key={userId} userId={userId} replaces={replaces} />;
  },
});

export const parentsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/parents',
  validateSearch: listSearch({ state: ['invited', 'claimed', 'lapsed'], without: ['children'] }),
  component: ParentsPage,
});

const parentRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/parents/$parentId',
  component: function OneParent() {
    const { parentId } = parentRoute.useParams();
    return <ParentPage key={parentId} parentId={parentId} />;
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

const settingsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/settings',
  component: SettingsPage,
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

const adminAccountRoute = createRoute({
  getParentRoute: () => leaderPages,
  path: '/admin-account',
  component: AdminAccountPage,
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
    parentSignInRoute,
    forgottenPasswordRoute,
    parentForgottenPasswordRoute,
    firstPasswordRoute,
    twoStepRoute,
    setUpTwoStepRoute,
    confirmChildrenRoute,
    linkRoute,
    confirmAddressRoute,
    stopAddressRoute,
  ]),
  signedIn.addChildren([
    homeRoute,
    accountRoute,
    ownTwoStepRoute,
    childrenRoute,
    adminPages.addChildren([
      synchronisationRoute,
      mappingRoute,
      notHereRoute,
      rollUpRoute,
      usersRoute,
      claimsRoute,
      importUsersRoute,
      userRoute,
      parentsRoute,
      parentRoute,
      activityRoute,
      settingsRoute,
    ]),
    wholeSchoolPages.addChildren([pupilsRoute, groupsRoute, groupRoute]),
    staffPages.addChildren([myGroupsRoute, myGroupRoute]),
    leaderPages.addChildren([adminAccountRoute]),
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
