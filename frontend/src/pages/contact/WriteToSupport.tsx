/** The form: a topic, a message, and a telephone number for who wants to be called. */
import {
  Alert,
  Button,
  Group,
  Paper,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { MailCheck, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { contactQuery, sendToSupport } from '~/api/contact';
import { cameFrom } from '~/app/came-from';
import { useMutation } from '~/app/mutation';
import { typedSince } from '~/app/typed-since';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { formatNumber } from '~/school/words';
import { TOPICS, type Topic } from './topics';

const MOST_LETTERS = 4000;
const NOTHING = { topic: null as Topic | null, message: '', telephone: '' };

export function WriteToSupport({ replyTo }: { replyTo: string | null }) {
  const [id, setId] = useState(() => crypto.randomUUID());
  const [page] = useState(cameFrom);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: NOTHING,
    validate: {
      topic: (value) => (value ? null : 'Choose what it is about'),
      message: (value) => problemOf(value),
    },
  });
  const send = useMutation({
    mutationFn: ({ topic, message, telephone }: typeof NOTHING) =>
      sendToSupport({
        id,
        topic: topic ?? 'other',
        message,
        telephone: telephone.trim() || null,
        page: page ?? null,
      }),
    onSuccess: (_, sent) => {
      form.setValues(typedSince(sent, form.getValues(), NOTHING));
      // The next message is another one.
      setId(crypto.randomUUID());
      return queryClient.invalidateQueries({ queryKey: contactQuery.queryKey });
    },
  });
  return (
    <Paper component="section" aria-labelledby="write" p="lg">
      <form onSubmit={form.onSubmit((values) => send.mutate(values))} noValidate>
        <Stack>
          <Title order={2} id="write">
            Write to support
          </Title>
          <UnsavedChanges unsaved={form.isDirty() && form.values.message.trim() !== ''} />
          {send.data && (
            <Alert
              icon={<MailCheck aria-hidden />}
              color="leaf"
              role="status"
              title="Your message is on its way"
            >
              <Text size="sm">
                Your reference number is <b>{send.data.reference}</b>. Tell us it if you ask about
                the message.
              </Text>
            </Alert>
          )}
          <Alert
            icon={<ShieldAlert aria-hidden />}
            color="amber"
            title="Please leave out pupils’ personal details"
          >
            <Text size="sm">
              No names, dates of birth or UPNs of pupils. Say what you see on the page, and we will
              ask for what we need. We send nothing about your pupils with the message.
            </Text>
          </Alert>
          <Select
            label="What is it about?"
            data={Object.entries(TOPICS).map(([value, label]) => ({ value, label }))}
            placeholder="Choose one"
            {...form.getInputProps('topic')}
          />
          <Textarea
            label="Your message"
            autosize
            minRows={6}
            maxRows={20}
            description={`${formatNumber(form.values.message.trim().length)} of ${formatNumber(MOST_LETTERS)} characters`}
            {...form.getInputProps('message')}
          />
          <TextInput
            label="Telephone"
            type="tel"
            autoComplete="tel"
            description="If you would like to be called. You can leave it empty."
            {...form.getInputProps('telephone')}
          />
          <Text size="sm" c="dimmed">
            {replyTo ? `We answer to ${replyTo}. ` : ''}With your message go your name, username and
            role, your school’s name and identifier, the version of Classroom Monitor
            {page ? `, and the page that you came from (${page})` : ''}.
          </Text>
          {send.isError && <ProblemAlert problem={send.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={send.isPending}>
              Send the message
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function problemOf(message: string): string | null {
  if (!message.trim()) return 'Write your message';
  const over = message.trim().length - MOST_LETTERS;
  return over > 0 ? `This is ${formatNumber(over)} characters too long` : null;
}
