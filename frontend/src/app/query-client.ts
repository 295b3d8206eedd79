/** One cache for what the pages have asked for, and one place that notices the session's end. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '~/api/problem';
import { changeSession, currentSession, type Session } from '~/api/session';
import { unsavedWork } from '~/app/unsaved';

const MAX_RETRIES = 2;

export function createQueryClient(onSessionEnded: (session: Session) => void): QueryClient {
  const noticeSessionEnd = (error: Error, sent: boolean) => {
    const signedOut = error instanceof ProblemError && error.status === 401;
    const session = currentSession(queryClient);
    if (!signedOut || !session) return;
    // What is shown stays in the cache then, since forms stand on it.
    if (session.scope === 'full' && unsavedWork.ended(sent)) return;
    changeSession(queryClient, null);
    onSessionEnded(session);
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => noticeSessionEnd(error, false) }),
    mutationCache: new MutationCache({
      onError: (error, _values, _result, { meta }) => noticeSessionEnd(error, !meta?.keptByItself),
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < MAX_RETRIES && mayPass(error),
      },
    },
  });
  return queryClient;
}

/** A refusal stays a refusal; only a server or a network that is away may come back. */
function mayPass(error: Error): boolean {
  return !(error instanceof ProblemError) || error.status === 0 || error.status >= 502;
}
