/** Pages for whoever is not wholly signed in: signing in, its steps, and links from e-mails. */
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, redirect } from '@tanstack/react-router';
import { sessionQuery } from '~/api/session';
import { doorTo, SIGN_IN } from '~/app/doors';
import { localPath } from '~/app/local-path';
import { nextStep, stepOf } from '~/app/next-step';
import { AddressLinkPage } from '~/pages/admin-account/AddressLinkPage';
import { ConfirmChildrenPage } from '~/pages/children/ConfirmChildrenPage';
import { FirstPasswordPage } from '~/pages/first-password/FirstPasswordPage';
import { ForgottenPasswordPage } from '~/pages/forgotten-password/ForgottenPasswordPage';
import { LinkPage } from '~/pages/link/LinkPage';
import { SignInPage } from '~/pages/sign-in/SignInPage';
import { SetUpPage } from '~/pages/two-step/SetUpPage';
import { TwoStepPage } from '~/pages/two-step/TwoStepPage';
import { publicPages } from './layouts';

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

const signInRoute = createRoute({
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

export const publicRoutes = publicPages.addChildren([
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
]);
