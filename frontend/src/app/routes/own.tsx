/** Pages of everybody who is signed in, each for their own: home, account, a parent’s children. */
import { createRoute, redirect } from '@tanstack/react-router';
import { AccountPage } from '~/pages/account/AccountPage';
import { TwoStepSettingsPage } from '~/pages/account/two-step/TwoStepSettingsPage';
import { ChildrenPage } from '~/pages/children/ChildrenPage';
import { ChildReportsPage } from '~/pages/children/reports/ChildReportsPage';
import { ReportPage } from '~/pages/children/reports/ReportPage';
import { ContactPage } from '~/pages/contact/ContactPage';
import { NotFoundPage } from '~/pages/errors/NotFoundPage';
import { HomePage } from '~/pages/home/HomePage';
import { only, signedIn } from './layouts';

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

const contactRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/contact',
  component: function Contact() {
    return <ContactPage session={contactRoute.useRouteContext().session} />;
  },
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
  component: function ReportsOfChild() {
    const { childId } = childReportsRoute.useParams();
    return <ChildReportsPage key={childId} childId={childId} />;
  },
});

const childReportRoute = createRoute({
  getParentRoute: () => parentsPages,
  path: '/children/$childId/reports/$reportId',
  component: function OneReport() {
    const { childId, reportId } = childReportRoute.useParams();
    return <ReportPage key={reportId} childId={childId} reportId={reportId} />;
  },
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
