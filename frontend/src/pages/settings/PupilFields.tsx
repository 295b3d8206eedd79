/** School settings › Pupil fields: what the school keeps beyond names, birth and year group. */
import { Badge, Group, List, Stack, Switch, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type PupilFieldsSettings, savePupilFields } from '~/api/settings';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

type FieldName = keyof PupilFieldsSettings['defaults'];
type Values = Record<FieldName, boolean>;

const valuesOf = (saved: PupilFieldsSettings): Values =>
  Object.fromEntries(saved.about.map(({ name }) => [name, saved[name as FieldName]])) as Values;

export function PupilFields({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.pupil_fields as PupilFieldsSettings;
  const queryClient = useQueryClient();
  const state = useSection({
    part: 'pupil_fields',
    saved,
    valuesOf,
    send: (values, version) => savePupilFields({ ...values, expected_version: version }),
    onSaved: () => {
      queryClient.invalidateQueries({ queryKey: ['roster'] });
    },
    onUnsaved,
  });
  const labels = Object.fromEntries(saved.about.map(({ name, label }) => [name, label]));
  return (
    <Stack>
      <Text>
        These are sensitive, so none is kept until you switch it on: keep only what your school
        needs.
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>
          The admin account and SLT see what is kept; teachers and parents do not.
        </List.Item>
        <List.Item>
          A field that is off is not shown, not taken from forms, files or the MIS, and not used in
          reports.
        </List.Item>
        <List.Item>
          Switched off later, its values are hidden and not deleted; switched on again, they are
          back.
        </List.Item>
        <List.Item>The activity log says that a value was changed, and never what it is.</List.Item>
      </List>
      <SectionForm
        state={state}
        submit="Save the pupil fields"
        labels={labels}
        inWords={(_, value) => (value ? 'on' : 'off')}
      >
        {saved.about.map(({ name, label, help }) => (
          <Switch
            key={name}
            label={
              <Group gap="xs" component="span">
                {label}
                {!saved.defaults[name as FieldName] && !state.form.values[name as FieldName] && (
                  <Badge size="sm" color="slate" component="span">
                    Normal setting: off
                  </Badge>
                )}
              </Group>
            }
            description={help}
            {...state.form.getInputProps(name, { type: 'checkbox' })}
          />
        ))}
      </SectionForm>
    </Stack>
  );
}
