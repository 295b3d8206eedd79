/** School settings › MIS synchronisation: when the MIS is asked (R16), and for whom (R20). */
import { Select, Switch, Text } from '@mantine/core';
import { type SyncSettings, saveSync } from '~/api/settings';
import { TextLink } from '~/components/links';
import { hourInWords, hourOf, hoursOf, USUAL } from './nightly-sync';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

const LABEL = 'When your MIS is asked';
const PARENTS = 'Parents come from the MIS';

export function NightlySync({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.sync as SyncSettings;
  const state = useSection({
    part: 'sync',
    saved,
    valuesOf: ({ hour, parents }) => ({ hour: hour === null ? USUAL : String(hour), parents }),
    send: ({ hour, parents }, version) =>
      saveSync({ hour: hourOf(hour), parents, expected_version: version }),
    onUnsaved,
  });
  return (
    <SectionForm
      state={state}
      submit="Save the synchronisation"
      labels={{ hour: LABEL, parents: PARENTS }}
      inWords={(name, value) =>
        name === 'parents' ? (value ? 'on' : 'off') : hourInWords(value as number | null, saved)
      }
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
      <Switch
        label={PARENTS}
        description="Contacts in your MIS who are parents of your pupils and have an e-mail address become parents here, linked to their children. Nobody is written to: you invite them in Parent Management when you are ready. What you link or unlink by hand stays. Switched off, no contact is kept, and the parents who are here stay as they are."
        {...state.form.getInputProps('parents', { type: 'checkbox' })}
      />
    </SectionForm>
  );
}
