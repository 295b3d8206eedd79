/** Asking the MIS now (R16). */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { askForSnapshot } from '~/api/mis';
import { useMutation } from '~/app/mutation';

export function AskForSnapshot({ label, disabled }: { label: string; disabled?: boolean }) {
  const queryClient = useQueryClient();
  const ask = useMutation({
    mutationFn: askForSnapshot,
    onSuccess: () => {
      notifications.show({
        title: 'Your MIS has been asked',
        message: 'The connector sends its data as soon as it can. You can leave this page.',
      });
      return queryClient.invalidateQueries({ queryKey: ['mis'] });
    },
    onError: (problem) =>
      notifications.show({ color: 'brick', title: 'Not asked', message: problem.message }),
  });
  return (
    <Button
      leftSection={<RefreshCw size={17} aria-hidden />}
      disabled={disabled}
      loading={ask.isPending}
      onClick={() => ask.mutate()}
    >
      {label}
    </Button>
  );
}
