/** The frames that pages stand in, and who may open what is in them. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { ProblemError } from '~/api/problem';
import { type Account, sessionQuery } from '~/api/session';
import { doorTo, SIGN_IN } from '~/app/doors';
import { nextStep, stepOf } from '~/app/next-step';
import { AppLayout } from '~/layout/AppLayout';
import { useFreshSession } from '~/layout/fresh-session';
import { PublicLayout } from '~/layout/PublicLayout';
import { ProblemPage } from '~/pages/errors/ProblemPage';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: (props) => (
    <PublicLayout>
      <ProblemPage {...props} />
    </PublicLayout>
  ),
});

export const publicPages = createRoute({
  getParentRoute: () => root,
  id: 'public',
  component: () => (
    <PublicLayout>
      <Outlet />
    </PublicLayout>
  ),
});

export const signedIn = createRoute({
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

export function only(account: Account, allowed: boolean): void {
  if (allowed) return;
  throw new ProblemError(403, {
    type: 'urn:classroom:problem:forbidden',
    title: 'This page is not for your account',
    detail:
      account.kind === 'admin'
        ? 'Only teachers and senior leaders can open it.'
        : 'Ask the person at your school who runs Classroom Monitor if you need it.',
  });
}

export const adminPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'admin',
  beforeLoad: ({ context: { session } }) => only(session.account, session.account.kind === 'admin'),
});

export const wholeSchoolPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'whole-school',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, session.account.kind === 'admin' || session.account.role === 'slt'),
});

export const staffPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'staff',
  beforeLoad: ({ context: { session } }) => only(session.account, session.account.kind === 'user'),
});

export const leaderPages = createRoute({
  getParentRoute: () => signedIn,
  id: 'leaders',
  beforeLoad: ({ context: { session } }) =>
    only(session.account, Boolean(session.account.leadership)),
});
