/** TanStack's `useMutation`, for pages whose buttons may be pressed twice before they are drawn busy. */
import {
  type DefaultError,
  type MutateOptions,
  type UseMutationOptions,
  type UseMutationResult,
  // biome-ignore lint/style/noRestrictedImports: the one place that stands before it
  useMutation as useEachMutation,
} from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Once } from './once';

export function useMutation<Answer, Failure = DefaultError, Wanted = void, Before = unknown>(
  options: UseMutationOptions<Answer, Failure, Wanted, Before>,
): UseMutationResult<Answer, Failure, Wanted, Before> {
  const result = useEachMutation(options);
  const [once] = useState(() => new Once<Wanted, Answer>());
  const send = result.mutateAsync;
  const mutateAsync = useCallback(
    (wanted: Wanted, then?: MutateOptions<Answer, Failure, Wanted, Before>) =>
      once.ask(wanted, () => send(wanted, then)),
    [once, send],
  );
  const mutate = useCallback(
    (wanted: Wanted, then?: MutateOptions<Answer, Failure, Wanted, Before>) => {
      // What went wrong is told by `error`.
      mutateAsync(wanted, then).catch(() => undefined);
    },
    [mutateAsync],
  );
  return { ...result, mutate, mutateAsync } as UseMutationResult<Answer, Failure, Wanted, Before>;
}
