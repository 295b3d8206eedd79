/** Leaves an import of users. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cancelImport, importQuery } from '~/api/user-imports';
import { CancelImport } from '~/components/import/CancelImport';

export function CancelUserImport({ importId }: { importId: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <CancelImport
      cancel={() => cancelImport(importId)}
      onLeft={async () => {
        await navigate({ to: '/users/import', search: {} });
        queryClient.removeQueries({ queryKey: importQuery(importId).queryKey });
      }}
    />
  );
}
