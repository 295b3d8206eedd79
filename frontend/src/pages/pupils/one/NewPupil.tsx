/** Adding one pupil by hand; the UPN can come later (R10, R11). */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { addOnePupil, type PupilField, pupilFieldsQuery } from '~/api/pupils';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { HolderLink } from './HolderLink';
import { Namesakes } from './Namesakes';
import { PupilFields, showFirst, useProblemAtFields, usePupilForm } from './PupilForm';
import { newPupilOf, type PupilValues, valuesOf } from './pupil-form';

export function NewPupil() {
  const [open, dialog] = useDisclosure(false);
  const fields = useQuery({ ...pupilFieldsQuery, enabled: open });
  return (
    <>
      <Button leftSection={<UserRoundPlus size={17} aria-hidden />} onClick={dialog.open}>
        Add a pupil
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Add a pupil" size="lg">
        {fields.error && <ProblemAlert problem={fields.error} onRetry={() => fields.refetch()} />}
        {fields.data ? (
          <NewPupilForm fields={fields.data} onCancel={dialog.close} />
        ) : (
          !fields.error && <Loading />
        )}
      </Dialog>
    </>
  );
}

interface NewPupilFormProps {
  fields: readonly PupilField[];
  onCancel: () => void;
}

function NewPupilForm({ fields, onCancel }: NewPupilFormProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = usePupilForm(fields, valuesOf(fields));
  const add = useMutation({
    mutationFn: (values: PupilValues) => addOnePupil(newPupilOf(fields, values)),
    onSuccess: ({ id }) => {
      queryClient.invalidateQueries({ queryKey: ['roster'] });
      return navigate({ to: '/pupils/$pupilId', params: { pupilId: id } });
    },
  });
  useProblemAtFields(add.error, fields, form);
  return (
    <form
      onSubmit={form.onSubmit(
        (values) => add.mutate(values),
        (errors) => showFirst(form, errors),
      )}
      noValidate
    >
      <Stack>
        <Text>
          A pupil who is in your MIS comes by the sync, once they have a UPN there. Add here who is
          not, or not yet: the UPN can come later. You choose the class on the next page.
        </Text>
        {add.error && (
          <ProblemAlert problem={add.error}>
            <HolderLink problem={add.error} />
          </ProblemAlert>
        )}
        <PupilFields fields={fields} form={form} />
        <Namesakes values={form.values} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add the pupil
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
