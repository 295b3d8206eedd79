/** School settings › Terms: of the school's academic year; the next one's come with the roll-up. */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { saveTerms, type TermsSettings } from '~/api/settings';
import { formatDate } from '~/school/words';
import { EntryList, growing } from './EntryList';
import { type EntryValues, nameGiven, newKey, withKey, withoutKey } from './entries';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

interface TermValues extends EntryValues {
  first_day: string;
  last_day: string;
}

const dayGiven = (day: string) => (day ? null : 'Enter a date');

export function Terms({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.terms as TermsSettings;
  const state = useSection({
    part: 'terms',
    saved,
    valuesOf: ({ terms }) => ({ terms: terms.map(withKey) as TermValues[] }),
    validate: { terms: { name: nameGiven, first_day: dayGiven, last_day: dayGiven } },
    send: ({ terms }, version) =>
      saveTerms({ terms: terms.map(withoutKey), expected_version: version }),
    onUnsaved,
  });
  const { form } = state;
  const starts = Number(saved.academic_year.slice(0, 4));
  const year = { min: `${starts}-09-01`, max: `${starts + 1}-08-31` };
  const add = () =>
    form.insertListItem('terms', {
      key: newKey(),
      id: null,
      name: '',
      first_day: '',
      last_day: '',
      active: true,
    } satisfies TermValues);
  return (
    <SectionForm
      state={state}
      submit="Save the terms"
      labels={{ terms: 'The list' }}
      inWords={(_, value) => termsInWords(value)}
    >
      <Text c="dimmed">
        The terms of {saved.academic_year}: marks and reports are kept by term. The first and the
        last day belong to a term, and terms do not overlap. After the roll-up those of the next
        academic year are proposed here; the terms of earlier years stay as they were. Normal
        setting: Autumn, Spring and Summer.
      </Text>
      {saved.proposed && (
        <Alert
          color="amber"
          icon={<CalendarClock aria-hidden />}
          role="status"
          title={`Please check the dates for ${saved.academic_year}`}
        >
          <Stack gap="sm" align="flex-start">
            <Text size="sm">
              They were worked out by the calendar and nobody has saved them yet. Compare them with
              the term dates of your school.
            </Text>
            {!state.unsaved && (
              <Button
                size="xs"
                color="amber"
                variant="outline"
                loading={state.busy}
                onClick={() => state.send(form.values)}
              >
                The dates are right
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      <EntryList
        what="term"
        labelled
        entries={form.values.terms}
        error={form.errors.terms}
        onAdd={add}
        onRemove={(place) => form.removeListItem('terms', place)}
        activeProps={(place) => form.getInputProps(`terms.${place}.active`, { type: 'checkbox' })}
        fields={({ name }, place) => (
          <>
            <TextInput
              className={growing}
              label="Name"
              aria-label={`Name of term ${place + 1}`}
              maxLength={60}
              {...form.getInputProps(`terms.${place}.name`)}
            />
            <TextInput
              type="date"
              label="First day"
              aria-label={`First day of ${name || 'the new term'}`}
              {...year}
              {...form.getInputProps(`terms.${place}.first_day`)}
            />
            <TextInput
              type="date"
              label="Last day"
              aria-label={`Last day of ${name || 'the new term'}`}
              {...year}
              {...form.getInputProps(`terms.${place}.last_day`)}
            />
          </>
        )}
      />
    </SectionForm>
  );
}

/** `Autumn, 1 Sept 2026 to 18 Dec 2026; Spring, …`. */
function termsInWords(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return value
    .filter(({ active }: TermValues) => active)
    .map(
      ({ name, first_day, last_day }: TermValues) =>
        `${name}, ${formatDate(first_day)} to ${formatDate(last_day)}`,
    )
    .join('; ');
}
