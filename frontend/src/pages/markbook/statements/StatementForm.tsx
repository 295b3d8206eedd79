/** Adding or editing a statement. */
import { Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addStatement,
  changeStatement,
  type Markbook,
  type Statement,
  statementsChanged,
} from '~/api/markbook';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { filled } from '../statement-words';

interface StatementFormProps {
  book: Markbook;
  placeholders: readonly string[];
  edited: Statement | 'new' | undefined;
  onClose: () => void;
}

const ALL = 'all';
const GENERAL = 'general';
const MOST_CHARACTERS = 400;

export function StatementForm({ book, placeholders, edited, onClose }: StatementFormProps) {
  const queryClient = useQueryClient();
  const before = edited === 'new' ? undefined : edited;
  const [text, setText] = useState(before?.text ?? '');
  const [place, setPlace] = useState(
    before?.kind === GENERAL ? GENERAL : (before?.subject_id ?? ALL),
  );
  const [band, setBand] = useState(before?.band_id ?? ALL);
  const save = useMutation({
    mutationFn: () => {
      const general = place === GENERAL;
      const said = {
        kind: general ? ('general' as const) : ('subject' as const),
        subject_id: general || place === ALL ? null : place,
        band_id: band === ALL ? null : band,
        text,
      };
      return before
        ? changeStatement(before.id, { ...said, expected_version: before.version })
        : addStatement(said);
    },
    onSuccess: onClose,
    onSettled: () => statementsChanged(queryClient),
  });
  const wrong = save.error instanceof ProblemError ? save.error.field('text') : undefined;
  return (
    <Dialog
      opened={edited !== undefined}
      onClose={onClose}
      size="lg"
      title={before ? 'Edit the statement' : 'Add a statement'}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {save.error && !wrong && <ProblemAlert problem={save.error} />}
          <Textarea
            data-autofocus
            label="Statement"
            description={`Filled in for each pupil: ${placeholders.map((one) => `{${one}}`).join(' ')}`}
            autosize
            minRows={2}
            maxLength={MOST_CHARACTERS}
            value={text}
            error={wrong}
            onChange={(event) => {
              setText(event.currentTarget.value);
              // What was wrong with it was wrong with what stood there.
              if (save.isError) save.reset();
            }}
          />
          <Text size="sm" c="dimmed">
            For example: {filled(text, { forename: 'Maya', sex: 'F' }) || '…'}
          </Text>
          <Select
            label="For"
            value={place}
            data={[
              { value: ALL, label: 'All subjects' },
              ...book.subjects.map(({ id, name }) => ({ value: id, label: name })),
              { value: GENERAL, label: 'General comments' },
            ]}
            onChange={(chosen) => setPlace(chosen ?? ALL)}
          />
          <Select
            label="Attainment"
            value={band}
            data={[
              { value: ALL, label: 'Whatever the attainment' },
              ...book.bands.map(({ id, code, name }) => ({
                value: id,
                label: `${code} – ${name}`,
              })),
            ]}
            onChange={(chosen) => setBand(chosen ?? ALL)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={text.trim() === ''}>
              Save the statement
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
