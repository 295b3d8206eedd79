/** A parent is told how to reach the school, as far as the school has said so. */
import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import type { Contact } from '~/api/contact';

export function AskTheSchool({ school }: { school: Contact['school'] }) {
  const { telephone, contact_email: email } = school;
  return (
    <Paper component="section" aria-labelledby="the-school" p="lg">
      <Stack gap="xs">
        <Title order={2} id="the-school">
          {school.name}
        </Title>
        <Text>Please ask the school office.</Text>
        {telephone && (
          <Text>
            Telephone: <Anchor href={`tel:${telephone.replaceAll(' ', '')}`}>{telephone}</Anchor>
          </Text>
        )}
        {email && (
          <Text>
            E-mail: <Anchor href={`mailto:${email}`}>{email}</Anchor>
          </Text>
        )}
        <Text c="dimmed">{school.address.join(', ')}</Text>
      </Stack>
    </Paper>
  );
}
