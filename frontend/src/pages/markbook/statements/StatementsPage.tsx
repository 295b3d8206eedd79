/** The statement bank: the school's own sentences for comments, looked after by every user (R26). */
import { Badge, Button, Checkbox, Group, Paper, Select, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  changeStatement,
  type Markbook,
  markbookQuery,
  type Statement,
  statementsChanged,
  statementsQuery,
} from '~/api/markbook';
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

const ALL = '';
const GENERAL = 'general';

function Bank({ book, statements, onEdit }: BankProps) {
  const [show, setShow] = useState(ALL);
  const [inactive, setInactive] = useState(false);
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
        <Paper>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Statement</Table.Th>
                <Table.Th scope="col">For</Table.Th>
                <Table.Th scope="col">What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((one) => (
                <Line key={one.id} book={book} statement={one} onEdit={onEdit} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Stack>
  );
}

interface LineProps {
  book: Markbook;
  statement: Statement;
  onEdit: (statement: Statement) => void;
}

function Line({ book, statement, onEdit }: LineProps) {
  const queryClient = useQueryClient();
  const { id, version, text, active, kind, subject_id, band_id } = statement;
  const turn = useMutation({
    mutationFn: () => changeStatement(id, { expected_version: version, active: !active }),
    onSettled: () => statementsChanged(queryClient),
  });
  const subject = book.subjects.find((one) => one.id === subject_id)?.name;
  const band = book.bands.find((one) => one.id === band_id);
  return (
    <Table.Tr>
      <Table.Td>
        {text}
        {turn.error && <ProblemAlert problem={turn.error} />}
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <Badge color="slate">
            {kind === GENERAL ? 'General comments' : (subject ?? 'All subjects')}
          </Badge>
          {band && <Badge color="lagoon">{band.code}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
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
      </Table.Td>
    </Table.Tr>
  );
}
