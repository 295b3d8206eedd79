/** Choosing a statement of the bank for a pupil's comment. */
import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type MarkbookPupil, statementsQuery } from '~/api/markbook';
import { Dialog } from '~/components/Dialog';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import classes from './StatementsDialog.module.css';
import { filled, fitting } from './statement-words';

export interface StatementsFor {
  kind: 'subject' | 'general';
  pupil: MarkbookPupil;
  subject?: string;
  band?: string | null;
  insert: (text: string) => void;
}

interface StatementsDialogProps {
  wanted: StatementsFor | undefined;
  onClose: () => void;
}

export function StatementsDialog({ wanted, onClose }: StatementsDialogProps) {
  const [last, setLast] = useState(wanted);
  useEffect(() => {
    if (wanted) setLast(wanted);
  }, [wanted]);
  const of = wanted ?? last;
  return (
    <Dialog
      opened={wanted !== undefined}
      onClose={onClose}
      size="lg"
      title={of ? `Statements for ${of.pupil.forename} ${of.pupil.surname}` : 'Statements'}
    >
      {of && <Choose of={of} onClose={onClose} />}
    </Dialog>
  );
}

function Choose({ of, onClose }: { of: StatementsFor; onClose: () => void }) {
  const { data, error, refetch } = useQuery(statementsQuery);
  const [search, setSearch] = useState('');
  if (!data)
    return error ? <ProblemAlert problem={error} onRetry={() => refetch()} /> : <Loading />;
  const found = fitting(data.statements, { ...of, search });
  return (
    <Stack>
      <TextInput
        data-autofocus
        label="Find a statement"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {found.length === 0 && <Text>There is no such statement for this subject and band.</Text>}
      <Stack component="ul" gap={4} className={classes.list} aria-label="Statements">
        {found.map((one) => {
          const text = filled(one.text, of.pupil);
          return (
            <li key={one.id}>
              <UnstyledButton
                className={classes.statement}
                onClick={() => {
                  onClose();
                  of.insert(text);
                }}
              >
                {text}
              </UnstyledButton>
            </li>
          );
        })}
      </Stack>
      <Text size="sm">
        Read it through once it is there: where a pupil’s sex is not known, it says ‘they’.{' '}
        <TextLink to="/markbook/statements" underline="always">
          Edit the statement bank
        </TextLink>
      </Text>
    </Stack>
  );
}
