/** Pages of everybody who is signed in, each for their own: home, account, a parent’s children. */
import { createRoute, redirect } from '@tanstack/react-router';
import { lazyPage, withPage } from '~/app/lazy-page';
import { NotFoundPage } from '~/pages/errors/NotFoundPage';
import { only, signedIn } from './layouts';

const AccountPage = lazyPage(() => import('~/pages/account/AccountPage'), 'AccountPage');
const TwoStepSettingsPage = lazyPage(
  () => import('~/pages/account/two-step/TwoStepSettingsPage'),
  'TwoStepSettingsPage',
);
const ChildrenPage = lazyPage(() => import('~/pages/children/ChildrenPage'), 'ChildrenPage');
const ChildReportsPage = lazyPage(
  () => import('~/pages/children/reports/ChildReportsPage'),
  'ChildReportsPage',
);
const ReportPage = lazyPage(() => import('~/pages/children/reports/ReportPage'), 'ReportPage');
const ContactPage = lazyPage(() => import('~/pages/contact/ContactPage'), 'ContactPage');
const HomePage = lazyPage(() => import('~/pages/home/HomePage'), 'HomePage');

const homeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    if (session.account.kind === 'user') throw redirect({ to: '/my-groups' });
    if (session.account.kind === 'parent') throw redirect({ to: '/children' });
  },
  component: withPage(HomePage, function Home() {
    return <HomePage session={homeRoute.useRouteContext().session} />;
  }),
});

const accountRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: withPage(AccountPage, function MyAccount() {
    return <AccountPage session={accountRoute.useRouteContext().session} />;
  }),
});

const ownTwoStepRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/account/two-step',
  component: withPage(TwoStepSettingsPage, function OwnTwoStep() {
    return <TwoStepSettingsPage session={ownTwoStepRoute.useRouteContext().session} />;
  }),
});

const contactRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/contact',
  component: withPage(ContactPage, function Contact() {
    return <ContactPage session={contactRoute.useRouteContext().session} />;
  }),
});

const parentsPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'parents',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, session.account.kind === 'parent'),
});

const childrenRoute = createRoute({
  getParentRoute: () => parentsPages,
  path: '/children',
  component: ChildrenPage,
});

const childReportsRoute = createRoute({
  getParentRoute: () => parentsPages,
  path: '/children/$childId',
  component: withPage(ChildReportsPage, function ReportsOfChild() {
    const { childId } = childReportsRoute.useParams();
    return <ChildReportsPage key={childId} childId={childId} />;
  }),
});

const childReportRoute = createRoute({
  getParentRoute: () => parentsPages,
  path: '/children/$childId/reports/$reportId',
  component: withPage(ReportPage, function OneReport() {
    const { childId, reportId } = childReportRoute.useParams();
    return <ReportPage key={reportId} childId={childId} reportId={reportId} />;
  }),
});

/** Whatever else stands in the address bar. */
const nowhereRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

export const ownRoutes = [
  homeRoute,
  accountRoute,
  ownTwoStepRoute,
  contactRoute,
  parentsPages.addChildren([childrenRoute, childReportsRoute, childReportRoute]),
  nowhereRoute,
] as const;
