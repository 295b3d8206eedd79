/** Which page one came from, for 'contact us': the path alone, without what was searched for. */
import type { AnyRouter } from '@tanstack/react-router';

let former: string | undefined;

export function rememberPages(router: AnyRouter): void {
  router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
    if (pathChanged) former = fromLocation?.pathname;
  });
}

export function cameFrom(): string | undefined {
  return former;
}
