/** Pages of the admin account alone (R1). */
import { createRoute } from '@tanstack/react-router';
import { ANYTHING, listSearch } from '~/app/list-search';
import { ActivityPage, SUBJECT_KINDS } from '~/pages/activity/ActivityPage';
import { ClaimsPage } from '~/pages/claims/ClaimsPage';
import { STATE_NAMES } from '~/pages/claims/states';
import { MappingPage } from '~/pages/mapping/MappingPage';
import { mappingSearch } from '~/pages/mapping/mapping-search';
import { NotHerePage } from '~/pages/not-here/NotHerePage';
import { WHO } from '~/pages/not-here/reasons';
import { ParentPage } from '~/pages/parents/ParentPage';
import { ParentsPage } from '~/pages/parents/ParentsPage';
import {
  EARLIER_STEPS,
  PupilImportPage,
  type PupilImportSearch,
} from '~/pages/pupils/import/ImportPage';
import { OUTCOMES } from '~/pages/pupils/import/words';
import { ReportTemplatesPage } from '~/pages/report-templates/ReportTemplatesPage';
import { TemplatePage } from '~/pages/report-templates/TemplatePage';
import { VersionPage } from '~/pages/report-templates/VersionPage';
import { RollUpPage } from '~/pages/roll-up/RollUpPage';
import { SetUpGuidePage } from '~/pages/set-up/SetUpGuidePage';
import { SettingsPage } from '~/pages/settings/SettingsPage';
import { CHANGE_KINDS, CHANGE_OUTCOMES } from '~/pages/synchronisation/run/change-words';
import { RunPage } from '~/pages/synchronisation/run/RunPage';
import {
  SynchronisationPage,
  type SynchronisationSearch,
} from '~/pages/synchronisation/SynchronisationPage';
import { isSourceKind } from '~/pages/synchronisation/source-kinds';
import { ImportPage } from '~/pages/users/import/ImportPage';
import { UserPage } from '~/pages/users/UserPage';
import { UsersPage } from '~/pages/users/UsersPage';
import { adminPages } from './layouts';

const synchronisationRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/mis-synchronisation',
  validateSearch: ({ kind }: Record<string, unknown>): SynchronisationSearch => ({
    kind: isSourceKind(kind) ? kind : undefined,
  }),
  component: SynchronisationPage,
});

const runRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/mis-synchronisation/$runId',
  validateSearch: listSearch({ kind: CHANGE_KINDS, outcome: CHANGE_OUTCOMES }),
  component: function OneRun() {
    const { runId } = runRoute.useParams();
    return <RunPage key={runId} runId={runId} />;
  },
});

const mappingRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/mis-mapping',
  validateSearch: mappingSearch,
  component: MappingPage,
});

const notHereRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/not-here',
  validateSearch: listSearch({ who: WHO, because: ANYTHING }),
  component: NotHerePage,
});

const rollUpRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/data-management/roll-up',
  component: RollUpPage,
});

const importPupilsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/pupils/import',
  validateSearch: ({ file, step, show }: Record<string, unknown>): PupilImportSearch => ({
    file: typeof file === 'string' && file ? file : undefined,
    step: EARLIER_STEPS.find((one) => one === step),
    show: OUTCOMES.find(({ value }) => value === show)?.value,
  }),
  component: PupilImportPage,
});

const usersRoute = createRoute({
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

const parentsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/parents',
  validateSearch: listSearch({
    state: ['invited', 'claimed', 'lapsed', 'not_invited'],
    without: ['children'],
  }),
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

const activityRoute = createRoute({
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

const reportTemplatesRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/report-templates',
  component: ReportTemplatesPage,
});

const templateRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/report-templates/$templateId',
  component: function OneTemplate() {
    const { templateId } = templateRoute.useParams();
    return <TemplatePage key={templateId} templateId={templateId} />;
  },
});

const templateVersionRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/report-templates/$templateId/versions/$version',
  component: function OneVersion() {
    const { templateId, version } = templateVersionRoute.useParams();
    return <VersionPage key={version} templateId={templateId} version={Number(version)} />;
  },
});

const settingsRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/settings',
  component: SettingsPage,
});

const setUpRoute = createRoute({
  getParentRoute: () => adminPages,
  path: '/set-up',
  component: SetUpGuidePage,
});

export const adminRoutes = adminPages.addChildren([
  synchronisationRoute,
  runRoute,
  mappingRoute,
  notHereRoute,
  rollUpRoute,
  importPupilsRoute,
  usersRoute,
  claimsRoute,
  importUsersRoute,
  userRoute,
  parentsRoute,
  parentRoute,
  reportTemplatesRoute,
  templateRoute,
  templateVersionRoute,
  activityRoute,
  settingsRoute,
  setUpRoute,
]);
