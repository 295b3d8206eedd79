/**
 * Printing slips: says first for how many, and that each gets a new code, since codes are kept as
 * hashes only and a sheet cannot be printed again as it was (R2).
 */
import { Alert, Button, type ButtonProps, Group, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Printer } from 'lucide-react';
import { useState } from 'react';
import { type SlipsWanted, saveSlips } from '~/api/claims';
import { useMutation } from '~/app/mutation';
import { counted } from '~/school/words';
import { Dialog } from './Dialog';
import { ProblemAlert } from './messages';

export interface SlipChoice {
  /** 'the 3 who have no slip yet'. */
  label: string;
  count: number;
  wanted: SlipsWanted;
}

interface PrintSlipsProps extends Pick<ButtonProps, 'variant' | 'disabled'> {
  label: string;
  /** Those with nobody in them are left out; the first is chosen. */
  choices: SlipChoice[];
  /** Where the school uses the default password, a slip holds no secret. */
  codes: boolean;
  onPrinted?: () => void;
}

export function PrintSlips({ label, choices, codes, onPrinted, ...button }: PrintSlipsProps) {
  const [open, dialog] = useDisclosure(false);
  const [chosen, setChosen] = useState(0);
  const queryClient = useQueryClient();
  const there = choices.filter((choice) => choice.count > 0);
  const choice = there[chosen] ?? there[0];
  const print = useMutation({
    mutationFn: (wanted: SlipsWanted) => saveSlips(wanted),
    onSuccess: onPrinted,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['claims'] }),
        queryClient.invalidateQueries({ queryKey: ['users'] }),
      ]),
  });
  return (
    <>
      <Button
        variant="default"
        {...button}
        disabled={button.disabled || (there.length === 0 && !open)}
        leftSection={<Printer size={17} aria-hidden />}
        onClick={() => {
          print.reset();
          setChosen(0);
          dialog.open();
        }}
      >
        {label}
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Print slips">
        {print.isSuccess ? (
          <Printed codes={codes} onDone={dialog.close} />
        ) : (
          <Stack>
            {print.isError && <ProblemAlert problem={print.error} />}
            {there.length > 1 && (
              <Radio.Group
                label="For whom"
                value={choice ? String(there.indexOf(choice)) : null}
                onChange={(value) => setChosen(Number(value))}
              >
                <Stack gap="xs" mt="xs">
                  {there.map((one, index) => (
                    <Radio
                      key={one.label}
                      value={String(index)}
                      label={`${one.label} (${one.count})`}
                    />
                  ))}
                </Stack>
              </Radio.Group>
            )}
            {choice && <WhatHappens count={choice.count} codes={codes} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button
                disabled={!choice}
                loading={print.isPending}
                onClick={() => choice && print.mutate(choice.wanted)}
              >
                {buttonFor(choice?.count ?? 0, codes)}
              </Button>
            </Group>
          </Stack>
        )}
      </Dialog>
    </>
  );
}

function buttonFor(count: number, codes: boolean): string {
  if (!codes) return 'Save the PDF';
  return count === 1 ? 'Make a new code and save the PDF' : 'Make new codes and save the PDF';
}

function WhatHappens({ count, codes }: { count: number; codes: boolean }) {
  if (!codes) {
    return (
      <Text>
        A PDF with {counted(count, 'slip')}: name, username, where to sign in, and until when. The
        default password is not on it, so tell people that yourself.
      </Text>
    );
  }
  return (
    <>
      <Text>
        This makes {counted(count, 'new starting code')} and a PDF with {counted(count, 'slip')} to
        print and cut up.
      </Text>
      <Text>
        {count === 1
          ? 'If this user was given a slip before, that one stops working.'
          : 'Slips that any of them were given before stop working.'}{' '}
        Codes cannot be shown again: if a slip is lost, print a new one.
      </Text>
    </>
  );
}

function Printed({ codes, onDone }: { codes: boolean; onDone: () => void }) {
  return (
    <Stack>
      <Alert
        color="leaf"
        icon={<CircleCheck aria-hidden />}
        role="status"
        title="The PDF was saved as slips.pdf"
      >
        <Text size="sm">
          {codes
            ? 'Print it, cut it up, and hand each slip to its user. Then delete the file: whoever has it can claim these accounts.'
            : 'Print it, cut it up, and hand each slip to its user.'}
        </Text>
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
