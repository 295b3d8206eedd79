/** A dialog over the page. Mantine's own header would be a second banner, so the title is ours. */
import { Group, Modal, type ModalRootProps } from '@mantine/core';
import type { ReactNode } from 'react';
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
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={size}
      centered
      closeOnClickOutside={!held}
      closeOnEscape={!held}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      {/* Named from the first moment: Mantine tells it its title's id a step after it is there. */}
      <Modal.Content aria-label={title} style={opened ? undefined : GOING}>
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
  );
}
