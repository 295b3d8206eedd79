/** What one has sent in the last 30 days; nobody else of the school sees it here. */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { SupportMessage } from '~/api/contact';
import { formatMoment } from '~/school/words';
import { STATES, TOPICS } from './topics';

export function SentMessages({ messages }: { messages: readonly SupportMessage[] }) {
  if (messages.length === 0) return null;
  return (
    <Paper component="section" aria-labelledby="sent" p="lg">
      <Title order={2} id="sent">
        What you have sent
      </Title>
      <Text c="dimmed" size="sm">
        Your own messages of the last 30 days. After that they are deleted here.
      </Text>
      <Stack component="ul" gap="lg" mt="md" p={0} aria-labelledby="sent">
        {messages.map((message) => (
          <li key={message.id} style={{ listStyle: 'none' }}>
            <Group gap="xs">
              <Text fw={600}>{message.reference}</Text>
              <Badge color={STATES[message.state].color}>{STATES[message.state].name}</Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {TOPICS[message.topic]}, {formatMoment(message.written_at)}
            </Text>
            <Text mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {message.message}
            </Text>
            {message.state === 'failed' && (
              <Text mt={4} size="sm">
                The mail server did not take it. Please tell the people who run Classroom Monitor
                for your school.
              </Text>
            )}
          </li>
        ))}
      </Stack>
    </Paper>
  );
}
