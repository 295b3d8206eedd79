/** A pupil as SLT see them: read, and not changed (R14). */
import { Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import type { PupilDetail, PupilField } from '~/api/pupils';
import { TextLink } from '~/components/links';
import { inWords } from './pupil-form';

interface PupilFactsProps {
  pupil: PupilDetail;
  fields: readonly PupilField[];
}

export function PupilFacts({ pupil, fields }: PupilFactsProps) {
  const values = pupil as unknown as Record<string, unknown>;
  return (
    <Paper component="section" aria-label="Details" p="md">
      <Title order={2} mb="xs">
        Details
      </Title>
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2 }} m={0} verticalSpacing="sm">
        {fields.map((field) => (
          <div key={field.name}>
            <Text component="dt" size="sm" c="dimmed">
              {field.label}
            </Text>
            <Text component="dd" m={0}>
              {values[field.name] === null ? 'Not recorded' : inWords(field, values[field.name])}
              {field.name === 'first_language' &&
                pupil.eal &&
                ' (English as an additional language)'}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

export function PupilGroupNames({ pupil }: { pupil: PupilDetail }) {
  return (
    <Paper component="section" aria-label="Groups" p="md">
      <Title order={2} mb="xs">
        Groups
      </Title>
      {pupil.groups.length === 0 && <Text c="dimmed">In no group.</Text>}
      <Group gap="md">
        {pupil.groups.map((group) => (
          <TextLink key={group.id} to="/groups/$groupId" params={{ groupId: group.id }}>
            {group.name}
          </TextLink>
        ))}
      </Group>
    </Paper>
  );
}
