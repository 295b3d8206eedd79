/** Leaves an import of pupils. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cancelPupils, pupilImportQuery, pupilImportsQuery } from '~/api/pupil-imports';
import { CancelImport } from '~/components/import/CancelImport';

export function CancelPupilImport({ importId }: { importId: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <CancelImport
      cancel={() => cancelPupils(importId)}
      onLeft={async () => {
        await navigate({ to: '/pupils/import', search: {} });
        queryClient.removeQueries({ queryKey: pupilImportQuery(importId).queryKey });
        await queryClient.invalidateQueries({ queryKey: pupilImportsQuery.queryKey });
      }}
    />
  );
}
