/** School settings › Subjects: what is taught, in the order in which reports and markbooks have it. */
import { MultiSelect, Text, TextInput } from '@mantine/core';
import { type SubjectsSettings, saveSubjects } from '~/api/settings';
import { YEAR_GROUPS, type YearGroup, yearGroupName } from '~/school/words';
import { EntryList, growing } from './EntryList';
import { type EntryValues, nameGiven, namesInWords, newKey, withKey, withoutKey } from './entries';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

interface SubjectValues extends EntryValues {
  year_groups: YearGroup[];
}

const YEARS = YEAR_GROUPS.map((value) => ({ value, label: yearGroupName(value) }));

export function Subjects({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.subjects as SubjectsSettings;
  const state = useSection({
    part: 'subjects',
    saved,
    valuesOf: ({ subjects }) => ({ subjects: subjects.map(withKey) as SubjectValues[] }),
    validate: { subjects: { name: nameGiven } },
    send: ({ subjects }, version) =>
      saveSubjects({ subjects: subjects.map(withoutKey), expected_version: version }),
    onUnsaved,
  });
  const { form } = state;
  const add = () =>
    form.insertListItem('subjects', {
      key: newKey(),
      id: null,
      name: '',
      year_groups: [],
      active: true,
    } satisfies SubjectValues);
  return (
    <SectionForm
      state={state}
      submit="Save the subjects"
      labels={{ subjects: 'The list' }}
      inWords={(_, value) => namesInWords(value)}
    >
      <Text c="dimmed">
        Markbooks and reports show the subjects in this order. A subject that is not in use is
        offered nowhere, and keeps its marks and comments. Choose year groups where a subject is not
        taught in all of them. Normal setting: {saved.defaults.join(', ')}.
      </Text>
      <EntryList
        what="subject"
        entries={form.values.subjects}
        error={form.errors.subjects}
        onAdd={add}
        onRemove={(place) => form.removeListItem('subjects', place)}
        onMove={(from, to) => form.reorderListItem('subjects', { from, to })}
        activeProps={(place) =>
          form.getInputProps(`subjects.${place}.active`, { type: 'checkbox' })
        }
        fields={({ name }, place) => (
          <>
            <TextInput
              className={growing}
              aria-label={`Name of subject ${place + 1}`}
              maxLength={60}
              {...form.getInputProps(`subjects.${place}.name`)}
            />
            <MultiSelect
              className={growing}
              aria-label={`Year groups of ${name || 'the new subject'}`}
              placeholder={form.values.subjects[place]?.year_groups.length ? '' : 'All year groups'}
              data={YEARS}
              clearable
              clearButtonProps={{ 'aria-label': `All year groups for ${name}` }}
              {...form.getInputProps(`subjects.${place}.year_groups`)}
            />
          </>
        )}
      />
    </SectionForm>
  );
}
