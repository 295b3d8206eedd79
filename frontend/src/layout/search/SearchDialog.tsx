/** The search on a phone: over the whole page, what is found under the field. */
import { Modal } from '@mantine/core';
import type { Account } from '~/api/session';
import { SearchField } from './SearchField';

interface SearchDialogProps {
  account: Account;
  opened: boolean;
  onClose: () => void;
}

export function SearchDialog({ account, opened, onClose }: SearchDialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} fullScreen>
      <Modal.Content aria-label="Search">
        <Modal.Body p="md">
          <SearchField account={account} onDone={onClose} inDialog />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
