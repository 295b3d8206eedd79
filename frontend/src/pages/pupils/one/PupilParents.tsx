/** The parents who are linked to a pupil; they are changed on their own pages. */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { PupilParent } from '~/api/pupils';
import { TextLink } from '~/components/links';

export function PupilParents({ parents }: { parents: readonly PupilParent[] }) {
  return (
    <Paper component="section" aria-label="Parents" p="md">
      <Title order={2} mb="xs">
        Parents
      </Title>
      {parents.length === 0 ? (
        <Text c="dimmed">
          No parent is linked. A parent is added, and linked to their children, in{' '}
          <TextLink to="/parents" underline="always">
            Parent Management
          </TextLink>
          .
        </Text>
      ) : (
        <Stack
          component="ul"
          aria-label="Linked parents"
          gap="sm"
          m={0}
          p={0}
          style={{ listStyle: 'none' }}
        >
          {parents.map((parent) => (
            <li key={parent.id}>
              <Group gap="sm">
                <TextLink to="/parents/$parentId" params={{ parentId: parent.id }} fw={600}>
                  {parent.name}
                </TextLink>
                {!parent.active && <Badge color="slate">Inactive</Badge>}
                {parent.seen ? (
                  <Badge color="leaf">Sees the child</Badge>
                ) : (
                  <Badge color="amber">Does not see the child</Badge>
                )}
              </Group>
              {parent.hindrance && (
                <Text size="sm" c="dimmed">
                  {parent.hindrance}
                </Text>
              )}
            </li>
          ))}
        </Stack>
      )}
    </Paper>
  );
}
