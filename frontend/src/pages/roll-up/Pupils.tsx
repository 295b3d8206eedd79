/** Pupils whom a person should look at, each leading to the list of pupils. */
import { List, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PupilOfRollUp } from '~/api/roll-up';
import { TextLink } from '~/components/links';
import { yearGroupName } from '~/school/words';

interface PupilsProps {
  title: string;
  about: string;
  pupils: readonly PupilOfRollUp[];
  /** What else is to be known of them. */
  children?: ReactNode;
}

export function Pupils({ title, about, pupils, children }: PupilsProps) {
  if (pupils.length === 0) return null;
  return (
    <Paper component="section" aria-label={title} p="md">
      <Title order={2}>
        {title}: {pupils.length}
      </Title>
      <Text c="dimmed" mb="sm">
        {about}
      </Text>
      {children}
      <List listStyleType="none" style={{ columns: '16rem' }} spacing={4}>
        {pupils.map((pupil) => (
          <List.Item key={pupil.id}>
            <TextLink to="/pupils" search={{ search: pupil.name }} inherit>
              {pupil.name}
            </TextLink>
            {pupil.year_group && `, ${yearGroupName(pupil.year_group)}`}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
