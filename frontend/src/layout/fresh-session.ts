/**
 * Whoever moves on to another page, or comes back to this one, sees the school as it is called now.
 * A page that nobody touches asks nothing, so that its session can idle out.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { currentSession, renewSession } from '~/api/session';
import { unsavedWork } from '~/app/unsaved';

export function useFreshSession(): void {
  const queryClient = useQueryClient();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page is a reason to look
  useEffect(() => void renewSession(queryClient), [path, queryClient]);
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const before = currentSession(queryClient)?.id;
      await renewSession(queryClient, unsavedWork.isAsking());
      // They may have signed in again in another tab.
      if (currentSession(queryClient)?.id !== before) unsavedWork.settle();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [queryClient]);
}
