/** The fields of a parent, for a new one and for one who is there. */
import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useEffect } from 'react';
import { ProblemError } from '~/api/problem';
import { useTypedSince } from '~/app/typed-since';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';

export interface ParentValues {
  title: string;
  forename: string;
  surname: string;
  email: string;
}

export const NOBODY: ParentValues = { title: '', forename: '', surname: '', email: '' };

interface ParentFormProps {
  initial: ParentValues;
  /** Only an inactive parent can be without an address. */
  addressNeeded: boolean;
  problem: Error | null;
  busy: boolean;
  submit: string;
  onSubmit: (values: ParentValues) => void;
  /** Asks before the page is left with something typed. */
  guarded?: boolean;
  /** Instead of the bare problem, where there is more to do about it. */
  aboutProblem?: ReactNode;
  /** Below the fields. */
  children?: ReactNode;
  /** Beside the button that sends the form. */
  actions?: ReactNode;
}

const FIELDS = ['title', 'forename', 'surname', 'email'] as const;

export function ParentForm(props: ParentFormProps) {
  const { initial, addressNeeded, problem, busy, submit, onSubmit, children, actions } = props;
  const form = useForm({
    initialValues: initial,
    validate: {
      forename: (value) => (value.trim() ? null : 'Enter a first name'),
      surname: (value) => (value.trim() ? null : 'Enter a surname'),
      email: (value) => {
        if (value.trim() === '' && !addressNeeded) return null;
        return value.includes('@') ? null : 'Enter a whole e-mail address';
      },
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new problem says anything new
  useEffect(() => {
    if (!(problem instanceof ProblemError) || props.aboutProblem) return;
    const told = FIELDS.map((name) => [name, problem.field(name)] as const);
    form.setErrors(Object.fromEntries(told) as Record<string, string>);
  }, [problem]);
  const sent = useTypedSince(form, initial);
  const send = (values: ParentValues) => {
    sent(values);
    onSubmit(values);
  };
  return (
    <form onSubmit={form.onSubmit(send)} noValidate>
      <Stack>
        {props.guarded && <UnsavedChanges unsaved={form.isDirty()} />}
        {props.aboutProblem ?? (problem && <ProblemAlert problem={problem} />)}
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
          <TextInput label="First name" required {...form.getInputProps('forename')} />
          <TextInput label="Surname" required {...form.getInputProps('surname')} />
          <TextInput label="Title" placeholder="Ms" {...form.getInputProps('title')} />
          <TextInput
            label="E-mail address"
            type="email"
            required={addressNeeded}
            description="They sign in with it, and are invited there."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('email')}
          />
        </SimpleGrid>
        {children}
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
