/** Leaves an import: what was uploaded is forgotten. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cancelImport } from '~/api/user-imports';

export function CancelImport({ importId }: { importId: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelImport(importId),
    // It is forgotten by itself after two days, so nobody is kept here by a failure.
    onSettled: async () => {
      await navigate({ to: '/users/import', search: {} });
      queryClient.removeQueries({ queryKey: ['user-imports', importId] });
    },
  });
  return (
    <Button variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>
      Cancel this import
    </Button>
  );
}
