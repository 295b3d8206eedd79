/** The way out, from wherever one is signed in, or half signed in. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ProblemError } from '~/api/problem';
import { changeSession, endSession } from '~/api/session';

export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      try {
        await endSession();
      } catch (error) {
        // A session that has ended already is what was asked for.
        if (!(error instanceof ProblemError && error.status === 401)) throw error;
      }
    },
    onSuccess: async () => {
      changeSession(queryClient, null);
      await navigate({ to: '/sign-in', search: { reason: 'signed-out' } });
    },
  });
}
