/** Leaving saves what is typed first, and asks only where that cannot be done. */
import { useBlocker } from '@tanstack/react-router';
import { useCallback } from 'react';
import { LONGEST_WAIT_MS } from '~/app/leaving';
import { LeaveQuestion } from '~/components/LeaveQuestion';
import type { Sheet } from './sheet';
import { useUnsaved } from './useSheet';

export function LeaveGuard({ sheet }: { sheet: Sheet }) {
  const { saving, failed, disputed } = useUnsaved(sheet);
  // Whose session has ended can save nothing; what is typed is kept in the tab for them.
  const blocks = useCallback(
    async ({ next }: { next: { pathname: string } }) => {
      if (next.pathname === '/sign-in' || sheet.unsaved().length === 0) return false;
      const late = new Promise<boolean>((done) => setTimeout(() => done(false), LONGEST_WAIT_MS));
      return !(await Promise.race([sheet.flush(), late]));
    },
    [sheet],
  );
  const blocker = useBlocker({
    shouldBlockFn: blocks,
    enableBeforeUnload: () => sheet.unsaved().length > 0,
    withResolver: true,
  });
  const leave = () => {
    for (const [id] of sheet.unsaved()) sheet.undo(id);
    blocker.proceed?.();
  };
  return (
    <LeaveQuestion
      blocker={blocker}
      unsaved={saving + failed + disputed > 0}
      text="Some of what you have typed on this page could not be saved yet."
      onLeave={leave}
    />
  );
}
