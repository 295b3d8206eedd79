/** Publishing and withdrawing: the page shows what it is like afterwards, and others ask again. */
import { useQueryClient } from '@tanstack/react-query';
import { type PublicationPage, publicationQuery } from '~/api/online-reports';
import { useMutation } from '~/app/mutation';

export function useChange(
  jobId: string,
  change: (jobId: string, pupilIds: string[]) => Promise<PublicationPage>,
) {
  const queryClient = useQueryClient();
  const { queryKey } = publicationQuery(jobId);
  return useMutation({
    mutationFn: (pupilIds: string[]) => change(jobId, pupilIds),
    onSuccess: (page) => queryClient.setQueryData(queryKey, page),
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}
