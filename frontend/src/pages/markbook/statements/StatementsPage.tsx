/** The statement bank: the school's own sentences for comments, looked after by every user (R26). */
import { Badge, Button, Checkbox, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  changeStatement,
  type Markbook,
  markbookQuery,
  type Statement,
  statementsChanged,
  statementsQuery,
} from '~/api/markbook';
import { useMutation } from '~/app/mutation';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { StatementForm } from './StatementForm';

export function StatementsPage() {
  const book = useQuery(markbookQuery);
  const bank = useQuery(statementsQuery);
  const [edited, setEdited] = useState<Statement | 'new'>();
  const problem = book.error ?? bank.error;
  return (
    <>
      <PageHeader
        title="Statement bank"
        area={<TextLink to="/markbook">Markbook</TextLink>}
        description="Sentences that all teachers of your school can put into their comments. Words in braces, such as {forename}, are filled in for each pupil."
        actions={<Button onClick={() => setEdited('new')}>Add a statement</Button>}
      />
      {problem && <ProblemAlert problem={problem} onRetry={() => bank.refetch()} />}
      {!problem && !(book.data && bank.data) && <Loading />}
      {book.data && bank.data && (
        <>
          <Bank book={book.data} statements={bank.data.statements} onEdit={setEdited} />
          <StatementForm
            key={edited === 'new' ? 'new' : edited?.id}
            book={book.data}
            placeholders={bank.data.placeholders}
            edited={edited}
            onClose={() => setEdited(undefined)}
          />
        </>
      )}
    </>
  );
}

interface BankProps {
  book: Markbook;
  statements: readonly Statement[];
  onEdit: (statement: Statement) => void;
}

const column = columnsOf<Statement>();

const ALL = '';
const GENERAL = 'general';

function Bank({ book, statements, onEdit }: BankProps) {
  const [show, setShow] = useState(ALL);
  const [inactive, setInactive] = useState(false);
  const columns = useMemo(
    () => [
      column.accessor('text', { header: 'Statement' }),
      column.display({
        id: 'for',
        header: 'For',
        cell: ({ row }) => <MeantFor book={book} statement={row.original} />,
      }),
      column.display({
        id: 'do',
        header: 'What to do',
        cell: ({ row }) => <WhatToDo statement={row.original} onEdit={onEdit} />,
      }),
    ],
    [book, onEdit],
  );
  const found = statements
    .filter((one) => one.active !== inactive)
    .filter((one) => {
      if (show === ALL) return true;
      return show === GENERAL ? one.kind === GENERAL : one.subject_id === show;
    });
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label="Show"
          value={show}
          data={[
            { value: ALL, label: 'All statements' },
            { value: GENERAL, label: 'For general comments' },
            ...book.subjects.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(chosen) => setShow(chosen ?? ALL)}
        />
        <Checkbox
          label="Inactive ones"
          mb={8}
          checked={inactive}
          onChange={(event) => setInactive(event.currentTarget.checked)}
        />
      </Group>
      {found.length === 0 ? (
        <Text>There are no such statements.</Text>
      ) : (
        <Paper style={{ overflow: 'clip' }}>
          <DataTable caption="Statements" columns={columns} rows={found} />
        </Paper>
      )}
    </Stack>
  );
}

interface WhatToDoProps {
  statement: Statement;
  onEdit: (statement: Statement) => void;
}

function WhatToDo({ statement, onEdit }: WhatToDoProps) {
  const queryClient = useQueryClient();
  const { id, version, text, active } = statement;
  const turn = useMutation({
    mutationFn: () => changeStatement(id, { expected_version: version, active: !active }),
    onSettled: () => statementsChanged(queryClient),
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          aria-label={`Edit: ${text}`}
          onClick={() => onEdit(statement)}
        >
          Edit
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={`${active ? 'Make inactive' : 'Make active'}: ${text}`}
          loading={turn.isPending}
          onClick={() => turn.mutate()}
        >
          {active ? 'Make inactive' : 'Make active'}
        </Button>
      </Group>
      {turn.error && <ProblemAlert problem={turn.error} />}
    </Stack>
  );
}

function MeantFor({ book, statement }: { book: Markbook; statement: Statement }) {
  const subject = book.subjects.find(({ id }) => id === statement.subject_id)?.name;
  const band = book.bands.find(({ id }) => id === statement.band_id);
  const general = statement.kind === GENERAL;
  return (
    <Group gap={6}>
      <Badge color="slate">{general ? 'General comments' : (subject ?? 'All subjects')}</Badge>
      {band && <Badge color="lagoon">{band.code}</Badge>}
    </Group>
  );
}
