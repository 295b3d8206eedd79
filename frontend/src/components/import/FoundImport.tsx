/** An import that the address names; where it is not there any more, another file can be chosen. */
import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loading, ProblemAlert } from '~/components/messages';
import { Steps } from './Steps';

interface FoundImportProps<Made> {
  steps: readonly string[];
  /** Undefined where the address names none. */
  result: { data: Made | undefined; error: Error | null } | undefined;
  /** The first step. */
  choose: ReactNode;
  children: (made: Made) => ReactNode;
}

export function FoundImport<Made>({ steps, result, choose, children }: FoundImportProps<Made>) {
  if (result?.data) return children(result.data);
  if (result && !result.error) return <Loading />;
  return (
    <>
      <Steps labels={steps} active={0} />
      {result?.error && (
        <Box mb="lg">
          <ProblemAlert problem={result.error} />
        </Box>
      )}
      {choose}
    </>
  );
}
