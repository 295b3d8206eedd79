/** Details that were set by hand, left to the MIS again one by one (R13). */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { handBackField, type PupilDetail, type PupilField } from '~/api/pupils';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { inWords } from './pupil-form';

interface HandBackFieldsProps {
  pupil: PupilDetail;
  fields: readonly PupilField[];
}

export function HandBackFields({ pupil, fields }: HandBackFieldsProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const byHand = fields.filter(({ name }) => pupil.overrides.includes(name));
  const handBack = useMutation({
    mutationFn: (field: string) => handBackField(pupil, field),
    onSettled: () =>
      Promise.all(
        ['roster', 'activity'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  if (byHand.length === 0 && !open) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          handBack.reset();
          dialog.open();
        }}
      >
        Hand details back to the MIS
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Hand details back to the MIS">
        <Stack>
          {handBack.isError && <ProblemAlert problem={handBack.error} />}
          <Text>
            These were set by hand, so the MIS sync leaves them alone. One that you hand back stays
            as it is here until the sync brings another from the MIS.
          </Text>
          {byHand.length === 0 && <Text role="status">Nothing is set by hand any more.</Text>}
          <Stack component="ul" aria-label="Set by hand" gap="sm" m={0} p={0}>
            {byHand.map((field) => (
              <Group component="li" key={field.name} justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={600}>{field.label}</Text>
                  <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {inWords(field, (pupil as unknown as Record<string, unknown>)[field.name])}
                  </Text>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  style={{ flexShrink: 0 }}
                  aria-label={`Hand back to the MIS: ${field.label}`}
                  loading={handBack.isPending && handBack.variables === field.name}
                  disabled={handBack.isPending}
                  onClick={() => handBack.mutate(field.name)}
                >
                  Hand back
                </Button>
              </Group>
            ))}
          </Stack>
        </Stack>
      </Dialog>
    </>
  );
}
