/** What saving will do, shown before it is done (R19). */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import {
  consequencesOf,
  type Decision,
  type MappingResult,
  MOST_DECISIONS_AT_ONCE,
  saveDecisions,
} from '~/api/mis';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import type { ChosenRecord } from './choices';
import { consequencesInWords } from './consequences';

interface ReviewDialogProps {
  decisions: Decision[];
  twice: ChosenRecord[];
  onClose: () => void;
  onSaved: (result: MappingResult) => void;
}

/** Mounted for as long as it is open, so that each review asks anew. */
export function ReviewDialog({ decisions: all, twice, onClose, onSaved }: ReviewDialogProps) {
  const decisions = all.slice(0, MOST_DECISIONS_AT_ONCE);
  const preview = useQuery({
    queryKey: ['mis', 'preview', decisions],
    queryFn: () => consequencesOf(decisions),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useMutation({ mutationFn: () => saveDecisions(decisions), onSuccess: onSaved });
  const lines = preview.data && consequencesInWords(preview.data);
  return (
    <Dialog opened onClose={onClose} title="Save the mapping?">
      <Stack>
        <Text>You have decided {counted(all.length, 'difference')}. Saving this:</Text>
        {decisions.length < all.length && (
          <Text>
            No more than {decisions.length} are saved at once: these are the first ones, and the
            others stay chosen for the next time.
          </Text>
        )}
        {preview.isPending && <Loading what="Working out what this will do" />}
        {preview.error && (
          <ProblemAlert problem={preview.error} onRetry={() => preview.refetch()} />
        )}
        {lines && (
          <List spacing={4} aria-label="What saving does">
            {lines.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
            {lines.length === 0 && <List.Item>Keeps the mapping; nothing else changes.</List.Item>}
          </List>
        )}
        {(preview.data?.creates_users ?? 0) > 0 && (
          <Text size="sm" c="dimmed">
            New users get the default password, or a slip, and choose their own when they first sign
            in.
          </Text>
        )}
        {(preview.data?.not_possible ?? 0) > 0 && (
          <Alert
            color="amber"
            icon={<TriangleAlert aria-hidden />}
            title="Not everything can be saved"
          >
            {counted(preview.data?.not_possible ?? 0, 'decision')} can’t be carried out as things
            are now. The others can; the page then says why for each.
          </Alert>
        )}
        {twice.length > 0 && (
          <Alert color="amber" icon={<TriangleAlert aria-hidden />} title="Chosen more than once">
            {twice.map(({ label }) => label).join(', ')}. Go back and choose another for one of
            them.
          </Alert>
        )}
        {save.isError && <ProblemAlert problem={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Go back
          </Button>
          <Button
            onClick={() => save.mutate()}
            loading={save.isPending}
            disabled={!preview.isSuccess || twice.length > 0}
          >
            Save the mapping
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
