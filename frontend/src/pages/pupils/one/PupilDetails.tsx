/** The details of a pupil, to be changed. What was changed by hand stays so (R13). */
import { Alert, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ProblemError } from '~/api/problem';
import { type PupilDetail, type PupilField, savePupil } from '~/api/pupils';
import { useMutation } from '~/app/mutation';
import { typedSince } from '~/app/typed-since';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { HandBackFields } from './HandBackFields';
import { HolderLink } from './HolderLink';
import { PupilFields, showFirst, useProblemAtFields, usePupilForm } from './PupilForm';
import {
  changedMeanwhile,
  changesOf,
  inWords,
  merged,
  type PupilValues,
  valuesOf,
} from './pupil-form';

interface PupilDetailsProps {
  pupil: PupilDetail;
  fields: readonly PupilField[];
}

export function PupilDetails({ pupil, fields }: PupilDetailsProps) {
  const queryClient = useQueryClient();
  /** The pupil as the form began with: a page that asks again overwrites nothing that is typed. */
  const [seen, setSeen] = useState(pupil);
  const form = usePupilForm(fields, valuesOf(fields, pupil));
  const before = valuesOf(fields, seen);
  const unsaved = Object.keys(changesOf(fields, before, form.values)).length > 0;
  const begin = (from: PupilDetail, sent?: PupilValues) => {
    const values = valuesOf(fields, from);
    setSeen(from);
    form.setValues(sent ? typedSince(sent, form.getValues(), values) : values);
    form.clearErrors();
  };
  const save = useMutation({
    mutationFn: (values: PupilValues) =>
      savePupil(seen.id, {
        ...changesOf(fields, before, values),
        expected_version: seen.version,
      }),
    onSuccess: (saved, sent) => {
      begin(saved, sent);
      notifications.show({ color: 'leaf', title: 'Saved', message: 'The details were saved.' });
      return Promise.all(
        ['roster', 'activity'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      );
    },
  });
  useProblemAtFields(save.error, fields, form);
  const meanwhile = currentOf(save.error);
  const takeOver = (now: PupilDetail) => {
    form.setValues(merged(fields, before, valuesOf(fields, now), form.values));
    setSeen(now);
    save.reset();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is newer begins again
  useEffect(() => {
    if (!save.isError && !save.isPending && !unsaved && seen.version < pupil.version) begin(pupil);
  }, [pupil.version]);
  return (
    <Paper component="section" aria-label="Details" p="md">
      <UnsavedChanges unsaved={unsaved} />
      <Group justify="space-between" mb="xs">
        <Title order={2}>Details</Title>
        <HandBackFields pupil={pupil} fields={fields} />
      </Group>
      <Text c="dimmed" mb="md">
        {WHERE_FROM[pupil.origin]}
      </Text>
      <form
        onSubmit={form.onSubmit(
          (values) => save.mutate(values),
          (errors) => showFirst(form, errors),
        )}
        noValidate
      >
        <Stack>
          <PupilFields
            fields={fields}
            form={form}
            overrides={seen.overrides}
            notes={notesOf(seen)}
          />
          {meanwhile && (
            <ChangedMeanwhile
              told={changedMeanwhile(fields, seen, meanwhile, form.values)}
              onTakeOver={() => takeOver(meanwhile)}
            />
          )}
          {save.error && !meanwhile && (
            <ProblemAlert problem={save.error}>
              <HolderLink problem={save.error} />
            </ProblemAlert>
          )}
          <Group justify="flex-end">
            {unsaved && (
              <Button variant="default" disabled={save.isPending} onClick={() => begin(seen)}>
                Undo my changes
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={!unsaved}>
              Save the details
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

const WHERE_FROM: Record<PupilDetail['origin'], string> = {
  mis: 'This pupil comes from the MIS, which keeps current what is not marked ‘By hand’.',
  import:
    'This pupil was imported. Once they are in the MIS, the sync keeps their details current.',
  hand: 'This pupil was added by hand. Once they are in the MIS, the sync keeps their details current.',
};

function notesOf(pupil: PupilDetail): Record<string, ReactNode> {
  const notes: Record<string, ReactNode> = {};
  const upn = [
    pupil.upn && /[A-Z]$/.test(pupil.upn) ? 'A temporary UPN: it ends in a letter.' : null,
    pupil.upn_warning ?? null,
    pupil.former_upns.length > 0 ? `Formerly ${pupil.former_upns.join(', ')}.` : null,
  ].filter(Boolean);
  if (upn.length > 0) notes.upn = upn.join(' ');
  if (pupil.eal !== null) {
    notes.first_language = pupil.eal
      ? 'English is an additional language (EAL).'
      : 'English is not an additional language.';
  }
  return notes;
}

function currentOf(problem: Error | null): PupilDetail | null {
  if (!(problem instanceof ProblemError) || problem.slug !== 'changed-since') return null;
  return (problem.current as unknown as PupilDetail | undefined) ?? null;
}

interface ChangedMeanwhileProps {
  told: ReturnType<typeof changedMeanwhile>;
  onTakeOver: () => void;
}

function ChangedMeanwhile({ told, onTakeOver }: ChangedMeanwhileProps) {
  return (
    <Alert
      color="brick"
      icon={<CircleAlert aria-hidden />}
      title="Somebody else changed this pupil meanwhile"
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">Nothing of yours was saved yet, and nothing that you typed is lost.</Text>
        <List size="sm">
          {told.length === 0 && <List.Item>None of these details is different now.</List.Item>}
          {told.map(({ field, now, alsoMine }) => (
            <List.Item key={field.name}>
              {field.label} is now: <b>{inWords(field, now)}</b>
              {alsoMine && ' – what you typed there would take its place'}
            </List.Item>
          ))}
        </List>
        <Button size="xs" color="brick" variant="outline" onClick={onTakeOver}>
          Take these over and keep what I typed
        </Button>
      </Stack>
    </Alert>
  );
}
