/** Pages of the school’s pupils and groups, and of the head and deputies. */
import { createRoute } from '@tanstack/react-router';
import { lazyPage, withPage } from '~/app/lazy-page';
import { ANYTHING, listSearch } from '~/app/list-search';
import { attainmentSearch } from '~/pages/attainment/choices';
import { type MarkbookSearch, markbookSearch } from '~/pages/markbook/chosen';
import { YEAR_GROUPS } from '~/school/words';
import { leaderPages, staffPages, wholeSchoolPages } from './layouts';

const AdminAccountPage = lazyPage(
  () => import('~/pages/admin-account/AdminAccountPage'),
  'AdminAccountPage',
);
const GenerateReportsPage = lazyPage(
  () => import('~/pages/generate-reports/GenerateReportsPage'),
  'GenerateReportsPage',
);
const GroupPage = lazyPage(() => import('~/pages/groups/GroupPage'), 'GroupPage');
const GroupsPage = lazyPage(() => import('~/pages/groups/GroupsPage'), 'GroupsPage');
const MarkImportPage = lazyPage(
  () => import('~/pages/markbook/import/ImportPage'),
  'MarkImportPage',
);
const MarkbookPage = lazyPage(() => import('~/pages/markbook/MarkbookPage'), 'MarkbookPage');
const StatementsPage = lazyPage(
  () => import('~/pages/markbook/statements/StatementsPage'),
  'StatementsPage',
);
const MyGroupsPage = lazyPage(() => import('~/pages/my-groups/MyGroupsPage'), 'MyGroupsPage');
const PublicationPage = lazyPage(
  () => import('~/pages/online-reports/PublicationPage'),
  'PublicationPage',
);
const PupilPage = lazyPage(() => import('~/pages/pupils/one/PupilPage'), 'PupilPage');
const PupilsPage = lazyPage(() => import('~/pages/pupils/PupilsPage'), 'PupilsPage');

const pupilsRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/pupils',
  validateSearch: listSearch({
    year: YEAR_GROUPS,
    group: ANYTHING,
    without: ['upn', 'class', 'year'],
    from: ['mis', 'import', 'hand'],
    details: ['by-hand', 'year'],
  }),
  component: withPage(PupilsPage, function Pupils() {
    return <PupilsPage session={pupilsRoute.useRouteContext().session} />;
  }),
});

const pupilRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/pupils/$pupilId',
  component: withPage(PupilPage, function OnePupil() {
    const { pupilId } = pupilRoute.useParams();
    const { session } = pupilRoute.useRouteContext();
    return <PupilPage key={pupilId} pupilId={pupilId} session={session} />;
  }),
});

const groupsRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/groups',
  validateSearch: listSearch({
    kind: ['class', 'set'],
    year: YEAR_GROUPS,
    origin: ['mis', 'hand', 'import'],
    without: ['pupils', 'users'],
  }),
  component: withPage(GroupsPage, function Groups() {
    return <GroupsPage session={groupsRoute.useRouteContext().session} />;
  }),
});

const groupRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/groups/$groupId',
  component: withPage(GroupPage, function OneGroup() {
    const { session } = groupRoute.useRouteContext();
    const { groupId } = groupRoute.useParams();
    const editable = session.account.kind === 'admin';
    const area = editable ? 'Group Management' : 'Groups';
    return (
      <GroupPage
        key={groupId}
        groupId={groupId}
        area={area}
        listedAt="/groups"
        editable={editable}
      />
    );
  }),
});

const myGroupsRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/my-groups',
  component: MyGroupsPage,
});

const myGroupRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/my-groups/$groupId',
  component: withPage(GroupPage, function MyGroup() {
    const { groupId } = myGroupRoute.useParams();
    return <GroupPage groupId={groupId} area="My groups" listedAt="/my-groups" />;
  }),
});

const attainmentRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/attainment-and-progress',
  validateSearch: attainmentSearch,
  component: lazyPage(() => import('~/pages/attainment/AttainmentPage'), 'AttainmentPage'),
});

const markbookRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/markbook',
  validateSearch: markbookSearch,
  component: withPage(MarkbookPage, function OneMarkbook() {
    return <MarkbookPage session={markbookRoute.useRouteContext().session} />;
  }),
});

const importMarksRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/markbook/import',
  validateSearch: (raw): MarkbookSearch & { file?: string; step?: 'columns' } => ({
    ...markbookSearch(raw),
    file: typeof raw.file === 'string' && raw.file ? raw.file : undefined,
    step: raw.step === 'columns' ? 'columns' : undefined,
  }),
  component: MarkImportPage,
});

const statementsRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/markbook/statements',
  component: StatementsPage,
});

const generateReportsRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/generate-reports',
  component: GenerateReportsPage,
});

const onlineReportsRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/generate-reports/$jobId/parents',
  component: withPage(PublicationPage, function OneSetOfReports() {
    const { jobId } = onlineReportsRoute.useParams();
    return <PublicationPage key={jobId} jobId={jobId} />;
  }),
});

const adminAccountRoute = createRoute({
  getParentRoute: () => leaderPages,
  path: '/admin-account',
  component: AdminAccountPage,
});

export const schoolRoutes = [
  wholeSchoolPages.addChildren([pupilsRoute, pupilRoute, groupsRoute, groupRoute]),
  staffPages.addChildren([
    myGroupsRoute,
    myGroupRoute,
    markbookRoute,
    importMarksRoute,
    statementsRoute,
    attainmentRoute,
    generateReportsRoute,
    onlineReportsRoute,
  ]),
  leaderPages.addChildren([adminAccountRoute]),
] as const;
