/** Details that were set by hand, left to the MIS again one by one (R13). */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useMutation } from '~/app/mutation';
import { Dialog } from './Dialog';
import { ProblemAlert } from './messages';

export interface DetailByHand<Name extends string> {
  name: Name;
  label: string;
  /** The label in the midst of a sentence. */
  spoken: string;
  /** As it is now, in words. */
  value: string;
}

interface HandBackDialogProps<Name extends string> {
  details: readonly DetailByHand<Name>[];
  handBack: (name: Name) => Promise<unknown>;
  /** What to ask the gateway for again after a change. */
  touched: readonly string[];
  /** What the button that closes it says, where there is one. */
  done?: string;
}

/** A button that opens it; nothing where nothing is set by hand. */
export function HandBackDialog<Name extends string>(props: HandBackDialogProps<Name>) {
  const { details, touched, done } = props;
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const handBack = useMutation({
    mutationFn: props.handBack,
    onSettled: () =>
      Promise.all(touched.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  if (details.length === 0 && !open) return null;
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
          {details.length === 0 && <Text role="status">Nothing is set by hand any more.</Text>}
          <Stack component="ul" aria-label="Set by hand" gap="sm" m={0} p={0}>
            {details.map(({ name, label, spoken, value }) => (
              <Group component="li" key={name} justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={600}>{label}</Text>
                  <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {value}
                  </Text>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  style={{ flexShrink: 0 }}
                  aria-label={`Hand back to the MIS: ${spoken}`}
                  loading={handBack.isPending && handBack.variables === name}
                  disabled={handBack.isPending}
                  onClick={() => handBack.mutate(name)}
                >
                  Hand back
                </Button>
              </Group>
            ))}
          </Stack>
          {done && (
            <Group justify="flex-end">
              <Button onClick={dialog.close}>{done}</Button>
            </Group>
          )}
        </Stack>
      </Dialog>
    </>
  );
}
