/** Leaves an import: what was uploaded is forgotten. */
import { Button } from '@mantine/core';
import { useMutation } from '~/app/mutation';

interface CancelImportProps {
  cancel: () => Promise<void>;
  /** It is forgotten by itself after two days, so nobody is kept here by a failure. */
  onLeft: () => unknown;
}

export function CancelImport({ cancel, onLeft }: CancelImportProps) {
  const leaving = useMutation({ mutationFn: cancel, onSettled: onLeft });
  return (
    <Button variant="default" onClick={() => leaving.mutate()} loading={leaving.isPending}>
      Cancel this import
    </Button>
  );
}
