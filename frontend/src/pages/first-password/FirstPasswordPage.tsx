/** Choosing one's own password, the only thing that a default, a starting code or a link opens (R2, R3). */
import {
  Button,
  List,
  PasswordInput,
  Progress,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Circle, CircleCheck } from 'lucide-react';
import { useEffect, useId, useMemo } from 'react';
import { ProblemError } from '~/api/problem';
import { changeSession, type Session, setOwnPassword } from '~/api/session';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { ProblemAlert } from '~/components/messages';
import { ReadOnlyField } from '~/components/ReadOnlyField';
import { useSignOut } from '~/layout/sign-out';
import { LONGEST, obviousWords, rulesFor, SHORTEST, type Strength, strengthOf } from './strength';

export function FirstPasswordPage({ session }: { session: Session }) {
  const { account, school } = session;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const obvious = useMemo(
    () => obviousWords(school.name, account.kind === 'admin' ? null : account.name),
    [school.name, account],
  );
  const form = useForm({
    initialValues: { password: '', repeated: '' },
    validate: {
      password: (value) => {
        const length = [...value].length;
        if (length < SHORTEST) return `Use at least ${SHORTEST} characters`;
        return length > LONGEST ? `Use at most ${LONGEST} characters` : null;
      },
      repeated: (value, { password }) =>
        value === password ? null : 'This is not the same as the password above',
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => setOwnPassword(values.password),
    onSuccess: (changed) => {
      changeSession(queryClient, changed);
      return navigate({ href: nextStep(changed), replace: true });
    },
    onError: (problem) => {
      if (problem instanceof ProblemError) {
        form.setErrors({ password: problem.field('new_password') });
      }
    },
  });
  const rulesId = useId();

  useEffect(() => {
    document.title = 'Choose your password – Classroom Monitor';
  }, []);

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Title order={1}>Choose your password</Title>
        <Text>
          {account.kind === 'admin'
            ? `This is the password of the admin account of ${school.name}.`
            : `Welcome, ${account.name}. Choose a password that only you know.`}
        </Text>
        {save.isError && <ProblemAlert problem={save.error} />}
        <ReadOnlyField
          label={account.kind === 'parent' ? 'Your e-mail address' : 'Your username'}
          description={
            account.kind === 'parent'
              ? 'You sign in with this.'
              : 'You sign in with this, or with your e-mail address.'
          }
          value={account.username ?? account.email ?? ''}
          autoComplete="username"
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          autoFocus
          aria-describedby={rulesId}
          {...form.getInputProps('password')}
        />
        <Advice id={rulesId} password={form.values.password} obvious={obvious} />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          {...form.getInputProps('repeated')}
        />
        <Button type="submit" loading={save.isPending} fullWidth>
          Save and go on
        </Button>
        {/* On a computer that is shared, whoever opened this may not be whom it is for. */}
        {signOut.error instanceof ProblemError && <ProblemAlert problem={signOut.error} />}
        <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </Stack>
    </form>
  );
}

const STRENGTHS: Record<Strength, { value: number; color: string; text: string }> = {
  none: { value: 0, color: 'slate', text: '' },
  weak: { value: 30, color: 'brick', text: 'Not strong enough yet' },
  good: { value: 70, color: 'lagoon', text: 'Good' },
  strong: { value: 100, color: 'leaf', text: 'Strong' },
};

interface AdviceProps {
  id: string;
  password: string;
  obvious: readonly string[];
}

function Advice({ id, password, obvious }: AdviceProps) {
  const strength = STRENGTHS[strengthOf(password, obvious)];
  return (
    <Stack gap="xs" id={id}>
      <Progress value={strength.value} color={strength.color} size="sm" aria-hidden />
      <Text size="sm" role="status" fw={600} mih="1.4em">
        {strength.text}
      </Text>
      <List size="sm" spacing={6} center listStyleType="none" pl={0} lh={1.35}>
        {rulesFor(password, obvious).map(({ label, met }) => (
          <List.Item
            key={label}
            c={met ? 'leaf.7' : 'slate.7'}
            icon={met ? <CircleCheck size={18} aria-hidden /> : <Circle size={18} aria-hidden />}
          >
            {label}
            {met && <VisuallyHidden> (done)</VisuallyHidden>}
          </List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        Three or four words that have nothing to do with each other make a strong password that is
        easy to remember. Spaces and any other characters are welcome; common passwords are refused.
      </Text>
    </Stack>
  );
}
