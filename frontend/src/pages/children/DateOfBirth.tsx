/** Day, month and year of one child's birth, each in a field of its own. */
import { Fieldset, Group, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { TypedDate } from './date-of-birth';

interface DateOfBirthProps {
  label: string;
  value: TypedDate;
  onChange: (value: TypedDate) => void;
  error?: string;
}

const PARTS = [
  { name: 'day', label: 'Day', length: 2 },
  { name: 'month', label: 'Month', length: 2 },
  { name: 'year', label: 'Year', length: 4 },
] as const;

export function DateOfBirth({ label, value, onChange, error }: DateOfBirthProps) {
  const id = useId();
  return (
    <Fieldset
      legend={
        <Text component="span" fw={650}>
          {label}
        </Text>
      }
      variant="unstyled"
      aria-describedby={id}
    >
      <Text id={id} size="sm" c={error ? 'brick.8' : 'dimmed'} role={error ? 'alert' : undefined}>
        {error ?? 'For example, 17 5 2018'}
      </Text>
      <Group gap="sm" mt={6} align="flex-end" wrap="nowrap">
        {PARTS.map(({ name, label: part, length }) => (
          <TextInput
            key={name}
            label={part}
            inputMode="numeric"
            autoComplete="off"
            maxLength={length}
            w={length === 4 ? '6rem' : '4rem'}
            error={Boolean(error)}
            value={value[name]}
            onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
          />
        ))}
      </Group>
    </Fieldset>
  );
}
