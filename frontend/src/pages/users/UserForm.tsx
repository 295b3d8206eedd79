/** The fields of a user, for a new one and for one who is there. */
import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useEffect } from 'react';
import { ProblemError } from '~/api/problem';
import { useTypedSince } from '~/app/typed-since';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import type { UserValues } from './user-form';

interface UserFormProps {
  initial: UserValues;
  problem: Error | null;
  busy: boolean;
  submit: string;
  onSubmit: (values: UserValues) => void;
  /** Asks before the page is left with something typed. */
  guarded?: boolean;
  /** Shown above the fields; below the problem, if there is one. */
  children?: ReactNode;
  /** Beside the button that sends the form. */
  actions?: ReactNode;
}

const POSITIONS = [
  { value: 'teacher', label: 'Teacher' },
  { value: 'slt', label: 'SLT' },
  { value: 'deputy', label: 'SLT, deputy head' },
  { value: 'head', label: 'SLT, head' },
];

export function UserForm(props: UserFormProps) {
  const { initial, problem, busy, submit, onSubmit, children, actions } = props;
  const form = useForm({
    initialValues: initial,
    validate: {
      forename: (value) => (value.trim() ? null : 'Enter a first name'),
      surname: (value) => (value.trim() ? null : 'Enter a surname'),
      email: (value) =>
        value.trim() === '' || value.includes('@') ? null : 'Enter a whole e-mail address',
    },
  });
  useProblemAtFields(problem, form.setErrors);
  const leads = form.values.position === 'head' || form.values.position === 'deputy';
  const sent = useTypedSince(form, initial);
  const send = (values: UserValues) => {
    sent(values);
    onSubmit(values);
  };
  return (
    <form onSubmit={form.onSubmit(send)} noValidate>
      <Stack>
        {props.guarded && <UnsavedChanges unsaved={form.isDirty()} />}
        {problem && (
          <ProblemAlert problem={problem}>
            <HolderLink problem={problem} />
          </ProblemAlert>
        )}
        {children}
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
          <TextInput label="First name" required {...form.getInputProps('forename')} />
          <TextInput label="Surname" required {...form.getInputProps('surname')} />
          <TextInput label="Title" placeholder="Ms" {...form.getInputProps('title')} />
          <TextInput label="Staff code" {...form.getInputProps('staff_code')} />
          <TextInput
            label="E-mail address"
            type="email"
            required={leads}
            description="They can sign in with it too."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('email')}
          />
          <Select
            label="Role"
            required
            allowDeselect={false}
            data={POSITIONS}
            description="SLT see the whole school; teachers see their own groups."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('position')}
          />
        </SimpleGrid>
        <Group justify="flex-end">
          {actions}
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** To the account of one's own school that has the address already (R8). */
function HolderLink({ problem }: { problem: Error }) {
  const holder = problem instanceof ProblemError ? problem.inTheWay : undefined;
  if (holder?.kind !== 'user') return null;
  return (
    <TextLink to="/users/$userId" params={{ userId: holder.id }} size="sm" fw={600} c="brick.8">
      Open the page of {holder.name}
    </TextLink>
  );
}

const FIELDS = ['title', 'forename', 'surname', 'email', 'staff_code'] as const;

/** What the server says of a field stands at that field too. */
function useProblemAtFields(
  problem: Error | null,
  setErrors: (errors: Record<string, string>) => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new problem says anything new
  useEffect(() => {
    if (!(problem instanceof ProblemError)) return;
    const told = FIELDS.map((name) => [name, problem.field(name)] as const);
    const position = problem.field('role') ?? problem.field('leadership');
    const errors = Object.fromEntries([...told, ['position', position] as const]);
    setErrors(errors as Record<string, string>);
  }, [problem]);
}
