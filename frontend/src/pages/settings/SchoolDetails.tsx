/** School settings › School details: name, address, contact, year groups. */
import { Alert, Fieldset, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { pupilsQuery } from '~/api/roster';
import { sessionQuery } from '~/api/session';
import { type DetailsSettings, saveDetails } from '~/api/settings';
import { counted, YEAR_GROUPS, type YearGroup, yearGroupName } from '~/school/words';
import { SectionForm } from './SectionForm';
import {
  DETAIL_LABELS,
  detailInWords,
  detailsOf,
  validateDetails,
  valuesOf,
  yearGroupsLost,
} from './school-details';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

const YEARS = YEAR_GROUPS.map((value) => ({ value, label: yearGroupName(value) }));
const BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

export function SchoolDetails({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  return <Details saved={settings.details as DetailsSettings} onUnsaved={onUnsaved} />;
}

interface DetailsProps {
  saved: DetailsSettings;
  onUnsaved: SectionProps['onUnsaved'];
}

function Details({ saved, onUnsaved }: DetailsProps) {
  const queryClient = useQueryClient();
  const state = useSection({
    part: 'details',
    saved,
    valuesOf,
    validate: validateDetails,
    send: (values, version) => saveDetails({ ...detailsOf(values), expected_version: version }),
    onSaved: ({ name, postcode, first_year_group, last_year_group }) => {
      // The session's copy, which stands at the top of every page.
      queryClient.setQueryData(sessionQuery.queryKey, (session) => {
        if (!session) return session;
        const details = { name, postcode, first_year_group, last_year_group };
        return { ...session, school: { ...session.school, ...details } };
      });
    },
    onUnsaved,
  });
  const { form } = state;
  const { first_year_group: first, last_year_group: last } = form.values;
  return (
    <SectionForm
      state={state}
      submit="Save the details"
      labels={DETAIL_LABELS}
      inWords={detailInWords}
    >
      <Text c="dimmed">
        Name, postcode and year groups are those your school was set up with, until you change them.
        Address and contact are empty until you fill them in.
      </Text>
      <TextInput
        label={DETAIL_LABELS.name}
        required
        description="It stands at the top of every page and in the e-mails that your users get."
        inputWrapperOrder={BELOW}
        maw="40rem"
        {...form.getInputProps('name')}
      />
      <Fieldset legend="Address">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={DETAIL_LABELS.address_line_1}
            {...form.getInputProps('address_line_1')}
          />
          <TextInput
            label={DETAIL_LABELS.address_line_2}
            {...form.getInputProps('address_line_2')}
          />
          <TextInput label={DETAIL_LABELS.town} {...form.getInputProps('town')} />
          <TextInput
            label={DETAIL_LABELS.postcode}
            required
            description="New usernames begin with it. Usernames that are there never change, so nobody has to learn a new one."
            inputWrapperOrder={BELOW}
            {...form.getInputProps('postcode')}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Contact">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={DETAIL_LABELS.telephone}
            type="tel"
            {...form.getInputProps('telephone')}
          />
          <TextInput
            label={DETAIL_LABELS.contact_email}
            type="email"
            description="How the school office is reached. Nobody signs in with it, and it does not change the e-mail address of the admin account."
            inputWrapperOrder={BELOW}
            {...form.getInputProps('contact_email')}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Year groups">
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label={DETAIL_LABELS.first_year_group}
              required
              data={YEARS}
              {...form.getInputProps('first_year_group')}
            />
            <Select
              label={DETAIL_LABELS.last_year_group}
              required
              data={YEARS}
              {...form.getInputProps('last_year_group')}
            />
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            Lists can be filtered by these year groups, and a new pupil from your MIS whose year
            group is not given is put into one of them by their age. Pupils of the last one leave at
            the roll-up.
          </Text>
          <PupilsOutside lost={yearGroupsLost(saved, first, last)} />
        </Stack>
      </Fieldset>
    </SectionForm>
  );
}

/** Fewer year groups move nobody, so whoever chooses them is told of the pupils outside. */
function PupilsOutside({ lost }: { lost: YearGroup[] }) {
  const counts = useQueries({
    queries: lost.map((year_group) => pupilsQuery({ year_group, active: true, limit: 1 })),
  });
  const outside = lost.flatMap((year, place) => {
    const total = counts[place]?.data?.total;
    return total ? [`${counted(total, 'pupil')} in ${yearGroupName(year)}`] : [];
  });
  const unknown = counts.some(({ isError }) => isError);
  if (outside.length === 0 && !unknown) return null;
  const who = outside.length > 0 ? new Intl.ListFormat('en-GB').format(outside) : 'Pupils there';
  return (
    <Alert
      color="amber"
      icon={<TriangleAlert aria-hidden />}
      role="status"
      title="Some pupils would be outside these year groups"
    >
      <Text size="sm">
        {who} would stay as they are. You can save this, and then move them or make them inactive in
        Pupil Management.
      </Text>
    </Alert>
  );
}
