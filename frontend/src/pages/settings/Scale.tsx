/** School settings › Attainment scale: its bands, and the one that is the year's expectation. */
import { Radio, Text, TextInput } from '@mantine/core';
import { type ScaleSettings, saveScale } from '~/api/settings';
import { EntryList, growing } from './EntryList';
import { type EntryValues, nameGiven, namesInWords, newKey, withKey, withoutKey } from './entries';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

interface BandValues extends EntryValues {
  code: string;
  meaning: string;
  expectation: boolean;
}

export function Scale({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.scale as ScaleSettings;
  const state = useSection({
    part: 'scale',
    saved,
    valuesOf: ({ bands }) => ({ bands: bands.map(withKey) as BandValues[] }),
    validate: {
      bands: {
        name: nameGiven,
        code: (code: string) =>
          /^\S{1,6}$/.test(code.trim()) ? null : 'Enter up to 6 letters or figures',
      },
    },
    send: ({ bands }, version) =>
      saveScale({ bands: bands.map(withoutKey), expected_version: version }),
    onUnsaved,
  });
  const { form } = state;
  const add = () =>
    form.insertListItem('bands', {
      key: newKey(),
      id: null,
      code: '',
      name: '',
      meaning: '',
      expectation: false,
      active: true,
    } satisfies BandValues);
  const expect = (place: number) =>
    form.setFieldValue(
      'bands',
      form.values.bands.map((band, other) => ({ ...band, expectation: other === place })),
    );
  return (
    <SectionForm
      state={state}
      submit="Save the scale"
      labels={{ bands: 'The scale' }}
      inWords={(_, value) => namesInWords(value)}
    >
      <Text c="dimmed">
        How attainment is marked, from the lowest band to the highest. Marks are entered by their
        codes, such as WTS, EXS and GDS. From the band that is the expectation on, a pupil is where
        their year group is expected to be; below it, they are not yet. Normal setting:{' '}
        {saved.defaults.join(', ')}.
      </Text>
      <EntryList
        what="band"
        labelled
        entries={form.values.bands}
        error={form.errors.bands}
        onAdd={add}
        onRemove={(place) => form.removeListItem('bands', place)}
        onMove={(from, to) => form.reorderListItem('bands', { from, to })}
        activeProps={(place) => form.getInputProps(`bands.${place}.active`, { type: 'checkbox' })}
        fields={(_, place) => (
          <>
            <TextInput
              w="6rem"
              label="Code"
              aria-label={`Code of band ${place + 1}`}
              maxLength={6}
              {...form.getInputProps(`bands.${place}.code`)}
            />
            <TextInput
              className={growing}
              label="Name"
              aria-label={`Name of band ${place + 1}`}
              maxLength={60}
              {...form.getInputProps(`bands.${place}.name`)}
            />
          </>
        )}
        beside={({ name, expectation }, place) => (
          <Radio
            name="expectation"
            label="The expectation"
            aria-label={`The expectation is ${name || 'the new band'}`}
            checked={expectation}
            onChange={() => expect(place)}
          />
        )}
        below={({ name }, place) => (
          <TextInput
            label="What it means"
            aria-label={`What it means: ${name || 'the new band'}`}
            maxLength={200}
            {...form.getInputProps(`bands.${place}.meaning`)}
          />
        )}
      />
    </SectionForm>
  );
}
