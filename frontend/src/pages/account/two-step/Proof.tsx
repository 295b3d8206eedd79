/** That it is still the account's holder who asks: their password, and a code where there is one. */
import { PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import type { TwoStepProof } from '~/api/two-step';
import { CodeField } from '~/pages/two-step/CodeField';

/** What was typed, what is missing of it, and the proof that it makes. */
export function useProof(withCode: boolean) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const [tried, setTried] = useState(false);
  const complete = password !== '' && (!withCode || code.trim() !== '');
  const proof: TwoStepProof = {
    current_password: password,
    ...(withCode && (recovery ? { recovery_code: code } : { code })),
  };
  return {
    proof,
    withCode,
    password,
    setPassword,
    code,
    setCode,
    recovery,
    setRecovery,
    tried,
    /** Whether it is complete; what is missing is shown from now on. */
    check: () => {
      setTried(true);
      return complete;
    },
  };
}

interface ProofFieldsProps {
  of: ReturnType<typeof useProof>;
  problem: Error | null;
}

export function ProofFields({ of, problem }: ProofFieldsProps) {
  const wrong = problem instanceof ProblemError ? problem : undefined;
  return (
    <Stack>
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        value={of.password}
        onChange={(event) => of.setPassword(event.currentTarget.value)}
        error={of.tried && !of.password ? 'Enter your password' : wrong?.field('current_password')}
      />
      {of.withCode && (
        <CodeField
          recovery={of.recovery}
          onRecovery={(recovery) => {
            of.setRecovery(recovery);
            of.setCode('');
          }}
          value={of.code}
          onChange={of.setCode}
          error={
            of.tried && !of.code.trim()
              ? 'Type the code'
              : wrong?.field(of.recovery ? 'recovery_code' : 'code')
          }
        />
      )}
    </Stack>
  );
}
