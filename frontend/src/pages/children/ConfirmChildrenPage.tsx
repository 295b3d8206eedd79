/** Before anything opens, a parent gives each child's date of birth; all are right or none (R2). */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { childrenToConfirmQuery, giveDates } from '~/api/children';
import { ProblemError } from '~/api/problem';
import { changeSession, type Session } from '~/api/session';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { Loading, ProblemAlert } from '~/components/messages';
import { useSignOut } from '~/layout/sign-out';
import { DateOfBirth } from './DateOfBirth';
import { isoDate, NO_DATE, type TypedDate } from './date-of-birth';

export function ConfirmChildrenPage({ session, next }: { session: Session; next?: string }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  const children = useQuery(childrenToConfirmQuery);
  const [typed, setTyped] = useState<Record<string, TypedDate>>({});
  const [sent, setSent] = useState(false);
  const asked = children.data ?? [];
  const dateOf = (id: string) => isoDate(typed[id] ?? NO_DATE);
  const confirm = useMutation({
    mutationFn: () =>
      giveDates(asked.map(({ id }) => ({ child_id: id, date_of_birth: dateOf(id) ?? '' }))),
    onSuccess: (opened) => {
      changeSession(queryClient, opened);
      return router.navigate({ href: nextStep(opened, next), replace: true });
    },
    onError: (problem) => {
      const changed = problem instanceof ProblemError && problem.slug === 'children-changed';
      if (changed) void children.refetch();
    },
  });

  useEffect(() => {
    document.title = 'Your children – Classroom Monitor';
  }, []);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (asked.length > 0 && asked.every(({ id }) => dateOf(id))) confirm.mutate();
      }}
      noValidate
    >
      <Stack>
        <Title order={1}>Your {asked.length === 1 ? 'child' : 'children'}</Title>
        <Text>
          Give the date of birth of {asked.length === 1 ? 'your child' : 'each child'} at{' '}
          {session.school.name}, so that we know that it is you. You are asked for it once.
        </Text>
        {confirm.error && <ProblemAlert problem={confirm.error} />}
        {children.error && (
          <ProblemAlert problem={children.error} onRetry={() => children.refetch()} />
        )}
        {children.isPending && <Loading />}
        {asked.map(({ id, forename }) => (
          <DateOfBirth
            key={id}
            label={`${forename}’s date of birth`}
            value={typed[id] ?? NO_DATE}
            onChange={(value) => setTyped((before) => ({ ...before, [id]: value }))}
            error={sent && !dateOf(id) ? 'Give the day, the month and the whole year' : undefined}
          />
        ))}
        <Button type="submit" loading={confirm.isPending} disabled={asked.length === 0} fullWidth>
          Confirm and go on
        </Button>
        <Text size="sm" c="dimmed">
          Is a child here not yours, or one missing? Please tell the school office.
        </Text>
        {signOut.error instanceof ProblemError && <ProblemAlert problem={signOut.error} />}
        <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </Stack>
    </form>
  );
}
