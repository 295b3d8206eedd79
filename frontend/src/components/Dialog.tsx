/** A dialog over the page. Mantine's own header would be a second banner, so the title is ours. */
import { Button, Group, Modal, type ModalRootProps, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useHeld } from '~/app/unsaved';

interface DialogProps extends Pick<ModalRootProps, 'size'> {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What it shows is shown this once: only a button in it closes it. */
  held?: boolean;
  children: ReactNode;
}

/** While it fades, a second press is of nothing in it. */
const GOING = { pointerEvents: 'none' } as const;

export function Dialog({ opened, onClose, title, size, held = false, children }: DialogProps) {
  useHeld(opened);
  const typed = useTyped();
  const [asking, setAsking] = useState(false);
  if (asking && !opened) setAsking(false);
  const byASlip = !held && !asking;
  return (
    <>
      <Modal.Root
        opened={opened}
        onClose={() => (typed.isThere() ? setAsking(true) : onClose())}
        size={size}
        centered
        closeOnClickOutside={byASlip}
        closeOnEscape={byASlip}
      >
        <Modal.Overlay backgroundOpacity={0.45} />
        {/* Named from the first moment: Mantine tells it its title's id a step after it is there. */}
        <Modal.Content aria-label={title} style={opened ? undefined : GOING} onInput={typed.notice}>
          <Modal.Body p="lg">
            <Group justify="space-between" wrap="nowrap" align="flex-start" mb="md">
              <Modal.Title fw={650} fz="xl" lh={1.3}>
                {title}
              </Modal.Title>
              {!held && <Modal.CloseButton aria-label="Close" />}
            </Group>
            {children}
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
      {asking && <CloseQuestion onClose={onClose} onStay={() => setAsking(false)} />}
    </>
  );
}

interface CloseQuestionProps {
  onClose: () => void;
  onStay: () => void;
}

function CloseQuestion({ onClose, onStay }: CloseQuestionProps) {
  return (
    <Dialog opened onClose={onStay} title="Close without saving?">
      <Stack>
        <Text>What you have typed here is not saved yet.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close without saving
          </Button>
          <Button data-autofocus onClick={onStay}>
            Go on with it
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Looking for something, a password or a code is nothing that would be missed, nor is a tick. */
const TEXT =
  'textarea, input:not([type=search], [type=password], [type=checkbox], [type=radio], [type=file], [role=combobox], [autocomplete=one-time-code])';

/** Whether text would be lost: where it was sent, its field is not there any more. */
function useTyped() {
  const fields = useRef(new Set<TextField>());
  return {
    notice: ({ target }: FormEvent) => {
      const field = target as TextField;
      if (field.matches(TEXT)) fields.current.add(field);
    },
    isThere: () => [...fields.current].some((field) => field.isConnected && field.value.trim()),
  };
}
