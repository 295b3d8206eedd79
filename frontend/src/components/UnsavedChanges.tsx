/** Asks before a page is left on which something was typed and not saved. */
import { useIsMutating } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useCallback, useLayoutEffect, useState } from 'react';
import { Leaving } from '~/app/leaving';
import { useHeld } from '~/app/unsaved';
import { LeaveQuestion } from './LeaveQuestion';

interface UnsavedChangesProps {
  /** Of what is being saved too, until the server has it. */
  unsaved: boolean;
  /** Whether another search or filter in the page's own address leaves what was typed as it is. */
  keptOnPage?: boolean;
}

export function UnsavedChanges({ unsaved, keptOnPage = false }: UnsavedChangesProps) {
  useHeld(unsaved);
  const saving = useIsMutating() > 0;
  const [leaving] = useState(() => new Leaving());
  useLayoutEffect(() => leaving.meet(unsaved, saving), [leaving, unsaved, saving]);
  useLayoutEffect(() => () => leaving.meet(false, false), [leaving]);
  // Who is signed out, or whose session has ended, can save nothing any more.
  const blocks = useCallback(
    async ({ current, next }: { current: Place; next: Place }) =>
      next.pathname !== '/sign-in' &&
      !(keptOnPage && current.pathname === next.pathname) &&
      (await leaving.mustAsk()),
    [keptOnPage, leaving],
  );
  const blocker = useBlocker({
    shouldBlockFn: blocks,
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
    withResolver: true,
  });
  return (
    <LeaveQuestion
      blocker={blocker}
      unsaved={unsaved}
      text="What you have changed on this page is not saved yet."
      onLeave={() => blocker.proceed?.()}
    />
  );
}

interface Place {
  pathname: string;
}
