/** Leaves an import of marks. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cancelImport, importQuery, type MarkImport } from '~/api/mark-imports';
import { CancelImport } from '~/components/import/CancelImport';
import { placeOf } from './place';

export function CancelMarkImport({ made }: { made: MarkImport }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <CancelImport
      cancel={() => cancelImport(made.id)}
      onLeft={async () => {
        await navigate({ to: '/markbook/import', search: placeOf(made) });
        queryClient.removeQueries({ queryKey: importQuery(made.id).queryKey });
      }}
    />
  );
}
