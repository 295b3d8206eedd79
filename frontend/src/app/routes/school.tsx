/** Pages of the school’s pupils and groups, and of the head and deputies. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ANYTHING, listSearch } from '~/app/list-search';
import { AdminAccountPage } from '~/pages/admin-account/AdminAccountPage';
import { attainmentSearch } from '~/pages/attainment/choices';
import { GenerateReportsPage } from '~/pages/generate-reports/GenerateReportsPage';
import { GroupPage } from '~/pages/groups/GroupPage';
import { GroupsPage } from '~/pages/groups/GroupsPage';
import { type MarkbookSearch, markbookSearch } from '~/pages/markbook/chosen';
import { MarkImportPage } from '~/pages/markbook/import/ImportPage';
import { MarkbookPage } from '~/pages/markbook/MarkbookPage';
import { StatementsPage } from '~/pages/markbook/statements/StatementsPage';
import { MyGroupsPage } from '~/pages/my-groups/MyGroupsPage';
import { PublicationPage } from '~/pages/online-reports/PublicationPage';
import { PupilPage } from '~/pages/pupils/one/PupilPage';
import { PupilsPage } from '~/pages/pupils/PupilsPage';
import { YEAR_GROUPS } from '~/school/words';
import { leaderPages, staffPages, wholeSchoolPages } from './layouts';

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
  component: function Pupils() {
    return <PupilsPage session={pupilsRoute.useRouteContext().session} />;
  },
});

const pupilRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/pupils/$pupilId',
  component: function OnePupil() {
    const { pupilId } = pupilRoute.useParams();
    const { session } = pupilRoute.useRouteContext();
    return <PupilPage key={pupilId} pupilId={pupilId} session={session} />;
  },
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
  component: function Groups() {
    return <GroupsPage session={groupsRoute.useRouteContext().session} />;
  },
});

const groupRoute = createRoute({
  getParentRoute: () => wholeSchoolPages,
  path: '/groups/$groupId',
  component: function OneGroup() {
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

const attainmentRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/attainment-and-progress',
  validateSearch: attainmentSearch,
  component: lazyRouteComponent(
    () => import('~/pages/attainment/AttainmentPage'),
    'AttainmentPage',
  ),
});

const markbookRoute = createRoute({
  getParentRoute: () => staffPages,
  path: '/markbook',
  validateSearch: markbookSearch,
  component: function OneMarkbook() {
    return <MarkbookPage session={markbookRoute.useRouteContext().session} />;
  },
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
  component: function OneSetOfReports() {
    const { jobId } = onlineReportsRoute.useParams();
    return <PublicationPage key={jobId} jobId={jobId} />;
  },
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
