/** School settings › MIS synchronisation: the hour at which the MIS is asked every night (R16). */
import { Select, Text } from '@mantine/core';
import { type SyncSettings, saveSync } from '~/api/settings';
import { TextLink } from '~/components/links';
import { hourInWords, hourOf, hoursOf, USUAL } from './nightly-sync';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

const LABEL = 'When your MIS is asked';

export function NightlySync({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.sync as SyncSettings;
  const state = useSection({
    part: 'sync',
    saved,
    valuesOf: ({ hour }) => ({ hour: hour === null ? USUAL : String(hour) }),
    send: ({ hour }, version) => saveSync({ hour: hourOf(hour), expected_version: version }),
    onUnsaved,
  });
  return (
    <SectionForm
      state={state}
      submit="Save the hour"
      labels={{ hour: LABEL }}
      inWords={(_, hour) => hourInWords(hour as number | null, saved)}
    >
      <Text c="dimmed">
        Once your MIS is linked, it is asked for its data every night. Choose another hour if your
        MIS is backed up or switched off at that time. If it cannot be asked then, it is tried again
        until noon. You can always ask for a sync yourself under{' '}
        <TextLink to="/data-management/mis-synchronisation" underline="always">
          MIS Synchronisation
        </TextLink>
        .
      </Text>
      <Select
        label={LABEL}
        description="The hour is yours to choose; the minute is your school’s own, so that not all schools are asked at once."
        data={hoursOf(saved)}
        allowDeselect={false}
        maw="26rem"
        {...state.form.getInputProps('hour')}
      />
    </SectionForm>
  );
}
