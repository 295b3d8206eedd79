/** The fields of a pupil, for a new one and for one who is there: those that the school keeps. */
import { Fieldset, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormErrors, type UseFormReturnType, useForm } from '@mantine/form';
import { type ReactNode, useEffect } from 'react';
import { ProblemError } from '~/api/problem';
import type { PupilField } from '~/api/pupils';
import { ByHandBadge } from '~/components/people';
import type { PupilValues } from './pupil-form';

export type PupilFormState = UseFormReturnType<PupilValues>;

export function usePupilForm(fields: readonly PupilField[], initial: PupilValues): PupilFormState {
  return useForm<PupilValues>({
    initialValues: initial,
    validate: (values) =>
      Object.fromEntries(
        fields
          .filter(({ name, required }) => required && !values[name]?.trim())
          .map(({ name, label }) => [name, `Enter the ${label.toLowerCase()}`]),
      ),
  });
}

/** What the server says of a field stands at that field, all of it: a UPN can be wrong in several places. */
export function useProblemAtFields(
  problem: Error | null,
  fields: readonly PupilField[],
  form: PupilFormState,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new problem says anything new
  useEffect(() => {
    if (!(problem instanceof ProblemError)) return;
    const told = fields.map(({ name }) => {
      const said = problem.fields.filter(({ pointer }) => pointer.split('/').at(-1) === name);
      return [name, said.map(({ detail }) => detail).join(' ')] as const;
    });
    const errors = Object.fromEntries(told.filter(([, said]) => said));
    form.setErrors(errors);
    showFirst(form, errors);
  }, [problem]);
}

/** Leads to the first field in which something is wrong: on a phone it may be far from the button. */
export function showFirst(form: PupilFormState, errors: FormErrors): void {
  const [first] = Object.keys(errors);
  if (first) form.getInputNode(first)?.focus();
}

interface PupilFieldsProps {
  fields: readonly PupilField[];
  form: PupilFormState;
  /** Fields that were set by hand (R13). */
  overrides?: readonly string[];
  /** What is to be said of a field, below it. */
  notes?: Readonly<Record<string, ReactNode>>;
}

export function PupilFields({ fields, form, overrides = [], notes = {} }: PupilFieldsProps) {
  const optional = fields.filter((field) => field.optional);
  const inputs = (some: readonly PupilField[]) =>
    some.map((field) => (
      <OneField
        key={field.name}
        field={field}
        form={form}
        byHand={overrides.includes(field.name)}
        note={notes[field.name] ?? field.help}
      />
    ));
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
        {inputs(fields.filter((field) => !field.optional))}
      </SimpleGrid>
      {optional.length > 0 && (
        <Fieldset
          legend={
            <Text component="span" fw={650}>
              For the admin and SLT only
            </Text>
          }
        >
          <Text size="sm" c="dimmed" mb="md">
            Your school chose to keep these in School settings, under Pupil fields. Teachers do not
            see them, and the history says that one was changed, never what it holds.
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
            {inputs(optional)}
          </SimpleGrid>
        </Fieldset>
      )}
    </Stack>
  );
}

interface OneFieldProps {
  field: PupilField;
  form: PupilFormState;
  byHand: boolean;
  note: ReactNode;
}

function OneField({ field, form, byHand, note }: OneFieldProps) {
  const common = {
    label: byHand ? (
      <Group component="span" gap="xs" display="inline-flex">
        {field.label} <ByHandBadge />
      </Group>
    ) : (
      field.label
    ),
    required: field.required,
    description: note || undefined,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as const,
    ...form.getInputProps(field.name),
  };
  if (field.kind === 'choice' || field.kind === 'yes_no') {
    const value = form.values[field.name] ?? '';
    return (
      <Select
        {...common}
        inputWrapperOrder={[...common.inputWrapperOrder]}
        data={choicesOf(field, value)}
        value={value}
        searchable={field.choices.length > 10}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false, shadow: 'md' }}
        onChange={(chosen) => form.setFieldValue(field.name, chosen ?? '')}
      />
    );
  }
  return (
    <TextInput
      {...common}
      inputWrapperOrder={[...common.inputWrapperOrder]}
      type={field.kind === 'day' ? 'date' : 'text'}
      max={field.kind === 'day' ? '9999-12-31' : undefined}
      autoComplete="off"
      spellCheck={field.kind === 'upn' ? false : undefined}
    />
  );
}

/** A code that has no name here, as a MIS may send one, is shown as it is. */
function choicesOf(field: PupilField, value: string) {
  const known =
    field.kind === 'yes_no'
      ? [
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]
      : field.choices.map(({ code, label }) => ({ value: code, label }));
  const unnamed =
    value && !known.some((choice) => choice.value === value)
      ? [{ value, label: `${value} (a code without a name here)` }]
      : [];
  return [{ value: '', label: 'Not recorded' }, ...known, ...unnamed];
}
