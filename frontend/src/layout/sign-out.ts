/** The way out, from wherever one is signed in, or half signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ProblemError } from '~/api/problem';
import { changeSession, currentSession, endSession } from '~/api/session';
import { doorOf, SIGN_IN } from '~/app/doors';
import { useMutation } from '~/app/mutation';

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
      const to = SIGN_IN[doorOf(currentSession(queryClient)?.account)];
      changeSession(queryClient, null);
      await navigate({ to, search: { reason: 'signed-out' } });
    },
  });
}
