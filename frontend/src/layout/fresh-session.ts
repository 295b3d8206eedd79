/**
 * Whoever moves on to another page, or comes back to this one, sees the school as it is called now.
 * A page that nobody touches asks nothing, so that its session can idle out.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { renewSession } from '~/api/session';

export function useFreshSession(): void {
  const queryClient = useQueryClient();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page is a reason to look
  useEffect(() => void renewSession(queryClient), [path, queryClient]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void renewSession(queryClient);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [queryClient]);
}
