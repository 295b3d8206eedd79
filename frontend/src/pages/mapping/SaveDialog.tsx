/** Asks before something of the mapping is saved, with what that will do (R19). */
import { Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { type MappingPreview, refreshButPreview } from '~/api/mapping';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { Consequences } from './Consequences';

export interface SaveDialogProps<Result> {
  title: string;
  /** What is said, and asked for, above what it will do. */
  children?: ReactNode;
  /** What is sent: by it the preview is known. Nothing is asked while it is not complete. */
  sent: object;
  complete?: boolean;
  /** Why it can not be saved though it can be previewed. */
  hindered?: boolean;
  preview: () => Promise<MappingPreview>;
  save: () => Promise<Result>;
  button: string;
  danger?: boolean;
  onClose: () => void;
  onSaved: (result: Result) => void;
  /** Somebody else was faster, and nothing was saved. Without it the dialog says so itself. */
  onConflict?: (problem: ProblemError) => void;
}

/** Mounted for as long as it is open, so that each time is looked through anew. */
export function SaveDialog<Result>(props: SaveDialogProps<Result>) {
  const { title, children, sent, complete = true, hindered, onClose, onSaved, onConflict } = props;
  const queryClient = useQueryClient();
  // What is being looked through is asked again by itself, and must not meet our own saving.
  const saving = useRef(false);
  const failed = (problem: Error) => {
    if (!isConflict(problem) || saving.current) return;
    refreshButPreview(queryClient);
    onConflict?.(problem);
  };
  const preview = useQuery({
    queryKey: ['mis', 'preview', sent],
    queryFn: async () => {
      try {
        return await props.preview();
      } catch (problem) {
        if (problem instanceof Error) failed(problem);
        throw problem;
      }
    },
    enabled: complete,
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useMutation({
    mutationFn: () => {
      saving.current = true;
      return props.save();
    },
    onError: (problem) => {
      saving.current = false;
      failed(problem);
    },
    onSuccess: (result) => {
      refreshButPreview(queryClient);
      onSaved(result);
    },
  });
  const nothingPossible =
    preview.data !== undefined &&
    preview.data.not_possible > 0 &&
    preview.data.not_possible === howMany(sent);
  return (
    <Dialog opened onClose={onClose} title={title} size="lg">
      <Stack>
        {children}
        {complete && preview.isPending && <Loading what="Working out what this will do" />}
        {preview.error && (
          <ProblemAlert
            problem={preview.error}
            onRetry={isConflict(preview.error) ? undefined : () => preview.refetch()}
          />
        )}
        {complete && preview.data && <Consequences preview={preview.data} />}
        {save.isError && <ProblemAlert problem={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Go back
          </Button>
          <Button
            color={props.danger ? 'brick' : undefined}
            onClick={() => save.mutate()}
            loading={save.isPending}
            disabled={!complete || !preview.isSuccess || hindered || nothingPossible}
          >
            {props.button}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function isConflict(problem: Error): problem is ProblemError {
  return problem instanceof ProblemError && problem.conflicts.length > 0;
}

function howMany(sent: object): number {
  return Array.isArray(sent) ? sent.length : 1;
}
