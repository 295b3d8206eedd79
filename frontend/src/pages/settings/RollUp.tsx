/** School settings › Roll-up: how the next one stands, and where those who leave are put (R12, R29). */
import { Alert, Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { CalendarClock, TriangleAlert } from 'lucide-react';
import { type RollUpSettings, saveRollUp } from '~/api/settings';
import { GroupPicker } from '~/components/GroupPicker';
import { TextLink } from '~/components/links';
import { counted, formatDate } from '~/school/words';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

type Chosen = { id: string; name: string } | null;

interface Values {
  leavers_group: Chosen;
}

const LABELS = { leavers_group: 'Set for leavers' };
const NO_SET = 'No set';

const valuesOf = ({ leavers_group: group }: RollUpSettings): Values => ({
  leavers_group: group && { id: group.id, name: group.name },
});

export function RollUp({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.roll_up as RollUpSettings;
  const state = useSection({
    part: 'roll_up',
    saved,
    valuesOf,
    send: ({ leavers_group }, version) =>
      saveRollUp({ leavers_group_id: leavers_group?.id ?? null, expected_version: version }),
    onUnsaved,
  });
  const { form } = state;
  const chosen = form.values.leavers_group;
  return (
    <Stack>
      <HowItStands saved={saved} />
      <SectionForm
        state={state}
        submit="Save where leavers go"
        labels={LABELS}
        inWords={(_, name) => (typeof name === 'string' ? name : NO_SET)}
      >
        <Stack gap="xs" maw="40rem">
          <GroupPicker
            label={LABELS.leavers_group}
            description="Pupils who leave become inactive and keep the class they had. If you choose a set, they are put into it as well, so that you find last year’s leavers together: open the set and show its inactive pupils. Choose another set each year to keep the years apart. Undoing the roll-up takes them out again."
            kind="set"
            value={chosen}
            onChange={(group) => form.setFieldValue('leavers_group', group)}
          />
          <Group gap="xs">
            <Text size="sm">Chosen: {chosen ? chosen.name : NO_SET}</Text>
            {chosen ? (
              <Button
                size="xs"
                variant="default"
                onClick={() => form.setFieldValue('leavers_group', null)}
              >
                Use no set
              </Button>
            ) : (
              <Badge size="sm" color="slate">
                Normal setting
              </Badge>
            )}
          </Group>
          {saved.leavers_group && !saved.leavers_group_stands && (
            <Alert color="amber" icon={<TriangleAlert aria-hidden />} role="status">
              <Text size="sm">
                {saved.leavers_group.name} is no active set any more, so leavers would be put into
                no set.
              </Text>
            </Alert>
          )}
        </Stack>
      </SectionForm>
    </Stack>
  );
}

function HowItStands({ saved }: { saved: RollUpSettings }) {
  return (
    <Alert
      icon={<CalendarClock aria-hidden />}
      title={
        saved.waits
          ? `The school is in ${saved.academic_year}. The roll-up was undone, and waits for you.`
          : `The school is in ${saved.academic_year}. Next roll-up: ${formatDate(saved.due_on)}.`
      }
    >
      <List size="sm" spacing={4} mb="xs" aria-label="How the roll-up stands">
        <List.Item>
          {saved.following === 0
            ? 'No class has one that follows it.'
            : `${counted(saved.following, 'class has', 'classes have')} one that follows.`}
        </List.Item>
        <List.Item>
          {saved.without === 0
            ? 'No class is left without one.'
            : `${counted(saved.without, 'class is', 'classes are')} left without one: the pupils would be in no class.`}
        </List.Item>
        <List.Item>
          {saved.leaving === 0 ? 'No pupils' : counted(saved.leaving, 'pupil')} would leave.
        </List.Item>
      </List>
      <TextLink to="/data-management/roll-up" size="sm" fw={600}>
        See and change which class follows which
      </TextLink>
    </Alert>
  );
}
