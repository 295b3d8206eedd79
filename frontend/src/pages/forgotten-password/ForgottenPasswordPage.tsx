/** Asking for a link by e-mail (R3, R5). What it says is the same for everyone who asks. */
import { Alert, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { MailCheck } from 'lucide-react';
import { useEffect } from 'react';
import { askForPasswordLink } from '~/api/account';
import { type Door, SIGN_IN } from '~/app/doors';
import { useMutation } from '~/app/mutation';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';

const NAMES = { staff: 'username or e-mail address', parent: 'e-mail address' };

export function ForgottenPasswordPage({ door }: { door: Door }) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { identifier: '' },
    validate: {
      identifier: (value) => (value.trim() ? null : `Enter your ${NAMES[door]}`),
    },
  });
  const ask = useMutation({
    mutationFn: (values: typeof form.values) => askForPasswordLink(values.identifier.trim(), door),
  });

  useEffect(() => {
    document.title = 'Forgotten password – Classroom Monitor';
  }, []);

  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
      <Stack>
        <Title order={1}>Forgotten your password?</Title>
        {ask.isError && <ProblemAlert problem={ask.error} />}
        {ask.isSuccess ? (
          <Alert icon={<MailCheck aria-hidden />} role="status" title="Look at your e-mail">
            <Text size="sm">
              {door === 'parent'
                ? 'If there is a parent’s account with this address, a message is on its way. Its link works once, for one hour, and only the newest one works.'
                : 'If there is an account with this name or address, and it has an e-mail address, a message is on its way. Its link works once, for one hour, and only the newest one works.'}
            </Text>
          </Alert>
        ) : (
          <>
            <Text>
              Enter your {NAMES[door]}, and we will send you a link with which you can set a new
              password.
            </Text>
            <TextInput
              label={door === 'parent' ? 'E-mail address' : 'Username or e-mail address'}
              type={door === 'parent' ? 'email' : 'text'}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              key={form.key('identifier')}
              {...form.getInputProps('identifier')}
            />
            <Button type="submit" loading={ask.isPending} fullWidth>
              Send me a link
            </Button>
          </>
        )}
        <Text size="sm" c="dimmed">
          {door === 'parent'
            ? 'No message? Look among unwanted mail. Your school may have another address for you: the school office can tell you and send you a new link.'
            : 'No message? Look among unwanted mail. If you have no e-mail address here, your school’s administrator can reset your password.'}
        </Text>
        <TextLink to={SIGN_IN[door]}>Back to sign in</TextLink>
      </Stack>
    </form>
  );
}
