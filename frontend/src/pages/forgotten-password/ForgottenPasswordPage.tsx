/** Asking for a link by e-mail (R3, R5). What it says is the same for everyone who asks. */
import { Alert, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { useEffect } from 'react';
import { askForPasswordLink } from '~/api/account';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';

export function ForgottenPasswordPage() {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { identifier: '' },
    validate: {
      identifier: (value) => (value.trim() ? null : 'Enter your username or e-mail address'),
    },
  });
  const ask = useMutation({
    mutationFn: (values: typeof form.values) => askForPasswordLink(values.identifier.trim()),
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
              If there is an account with this name or address, and it has an e-mail address, a
              message is on its way. Its link works once, for one hour, and only the newest one
              works.
            </Text>
          </Alert>
        ) : (
          <>
            <Text>
              Enter your username or e-mail address, and we will send you a link with which you can
              set a new password.
            </Text>
            <TextInput
              label="Username or e-mail address"
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
          No message? Look among unwanted mail. If you have no e-mail address here, your school’s
          administrator can reset your password.
        </Text>
        <TextLink to="/sign-in">Back to sign in</TextLink>
      </Stack>
    </form>
  );
}
