/** Pages are files of their own, each fetched when it is first opened, or when a click on it is near. */
import { lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { unreachable } from '~/api/problem';

/**
 * A page’s file could not be had though the server answers: since these pages were loaded, Classroom
 * Monitor was updated, and what is there now has other files.
 */
export class PagesOutOfDate extends Error {
  override readonly name = 'PagesOutOfDate';
}

export const lazyPage: typeof lazyRouteComponent = (fetchPage, name) =>
  lazyRouteComponent(() => fetchPage().catch(sayWhy), name);

/** A component that tells its page what to show; that page is fetched before it is shown. */
export function withPage(
  page: Pick<RouteComponent, 'preload'>,
  component: () => ReactNode,
): RouteComponent {
  return Object.assign(component, { preload: () => page.preload?.() });
}

async function sayWhy(): Promise<never> {
  throw (await serverAnswers()) ? new PagesOutOfDate() : unreachable();
}

const serverAnswers = () =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

const LOADED_AGAIN = 'classroom:loaded-again';
const SOON = 30_000;

/** Loads the pages anew; not of its own accord a second time at once, where that did not help. */
export function loadAgain(): void {
  const before = Number(sessionStorage.getItem(LOADED_AGAIN));
  if (Date.now() - before < SOON) return;
  sessionStorage.setItem(LOADED_AGAIN, String(Date.now()));
  window.location.reload();
}
