/** The fields of a group, for a new one and for one that is there. */
import { Alert, Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '~/api/problem';
import { type Group as AGroup, groupsQuery } from '~/api/roster';
import { useTypedSince } from '~/app/typed-since';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { detailsOf, type GroupValues, KIND_NAMES, KINDS, YEARS, yearOf } from './group-form';

interface GroupFormProps {
  initial: GroupValues;
  /** The group that is changed; nothing for a new one. */
  groupId?: string;
  problem: Error | null;
  busy: boolean;
  submit: string;
  onSubmit: (values: GroupValues) => void;
  /** Asks before the page is left with something typed. */
  guarded?: boolean;
  /** What stands below a field. */
  below?: (field: 'name' | 'kind' | 'year_group') => ReactNode;
  /** Below the problem, if there is one. */
  about?: ReactNode;
  actions?: ReactNode;
}

export function GroupForm(props: GroupFormProps) {
  const { initial, groupId, problem, busy, submit, onSubmit, below, about, actions } = props;
  const form = useForm({
    initialValues: initial,
    validate: { name: (value) => (value.trim() ? null : 'Enter a name') },
  });
  const sent = useTypedSince(form, initial);
  const send = (values: GroupValues) => {
    sent(values);
    onSubmit(values);
  };
  return (
    <>
      {props.guarded && <UnsavedChanges unsaved={form.isDirty()} />}
      <form onSubmit={form.onSubmit(send)} noValidate>
        <Stack>
          {problem && (
            <ProblemAlert problem={problem}>
              {about}
              <GroupInTheWay problem={problem} />
            </ProblemAlert>
          )}
          <SimpleGrid cols={{ base: 1, sm: 3 }} verticalSpacing="md">
            <Stack gap={6}>
              <TextInput
                label="Name"
                required
                placeholder="3 Blue"
                data-autofocus={groupId === undefined || undefined}
                {...form.getInputProps('name')}
              />
              {below?.('name')}
            </Stack>
            <Stack gap={6}>
              <Select
                label="Kind"
                required
                allowDeselect={false}
                data={KINDS}
                comboboxProps={{ withinPortal: false }}
                {...form.getInputProps('kind')}
              />
              {below?.('kind')}
            </Stack>
            <Stack gap={6}>
              <Select
                label="Year group"
                required
                allowDeselect={false}
                data={YEARS}
                comboboxProps={{ withinPortal: false }}
                {...form.getInputProps('year_group')}
              />
              {below?.('year_group')}
            </Stack>
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            A class is where pupils are registered, and a pupil is usually in one. A set is any
            other group, such as for maths or a choir.
          </Text>
          <NamedAlike values={form.values} groupId={groupId} problem={problem} />
          <Group justify="flex-end">
            {actions}
            <Button type="submit" loading={busy}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}

/** To the group that has the name already. */
function GroupInTheWay({ problem }: { problem: Error }) {
  const there = problem instanceof ProblemError ? problem.inTheWay : undefined;
  if (there?.kind !== 'group') return null;
  return (
    <TextLink to="/groups/$groupId" params={{ groupId: there.id }} size="sm" fw={600} c="brick.8">
      Open {there.name}
    </TextLink>
  );
}

/**
 * Other active groups of this name, while it is typed. In another year group that is how many
 * schools name their classes, so it is only told; in the same one it would be refused.
 */
interface NamedAlikeProps {
  values: GroupValues;
  groupId: string | undefined;
  problem: Error | null;
}

function NamedAlike({ values, groupId, problem }: NamedAlikeProps) {
  const [name] = useDebouncedValue(values.name.trim(), 300);
  const found = useQuery({ ...groupsQuery({ name, limit: 10 }), enabled: name !== '' });
  if (name === '' || name !== values.name.trim()) return null;
  const others = (found.data?.items ?? []).filter(({ id }) => id !== groupId);
  if (others.length === 0 || found.isPlaceholderData) return null;
  // It is said above already.
  const told = problem instanceof ProblemError ? problem.inTheWay?.id : undefined;
  if (others.some(({ id }) => id === told)) return null;
  const wanted = detailsOf(values);
  const twin = others.some(
    (one) => one.kind === wanted.kind && (one.year_group ?? null) === wanted.year_group,
  );
  const names = new Intl.ListFormat('en-GB').format(others.map(described));
  return (
    <Alert color={twin ? 'brick' : 'amber'} icon={<Info aria-hidden />} role="status">
      <Text size="sm">
        There is an active group of this name already: {names}.{' '}
        {twin
          ? 'Nobody could tell the two apart, so please use that one or choose another name.'
          : 'Two groups may have one name if their year group or kind is another. Lists tell them apart by that alone.'}
      </Text>
    </Alert>
  );
}

function described(group: AGroup): string {
  return `${group.name} (${KIND_NAMES[group.kind].toLowerCase()}, ${yearOf(group)})`;
}
