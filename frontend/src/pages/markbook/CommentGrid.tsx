/** What is said of each pupil of a class as a whole: by the class teacher and by the head (R26). */
import { Paper, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, useMemo, useState } from 'react';
import {
  type CommentKind,
  commentsQuery,
  type GeneralComments,
  type Markbook,
  type MarkbookPupil,
  saveComment,
} from '~/api/markbook';
import { Loading, ProblemAlert } from '~/components/messages';
import { CommentCell } from './Cells';
import classes from './Grid.module.css';
import { moveInGrid } from './grid-keys';
import { LeaveGuard } from './LeaveGuard';
import { tooLong } from './MarkGrid';
import { NoPupils } from './NoPupils';
import { RowMessage } from './RowMessage';
import { SavingOfPage } from './Saving';
import { StatementsDialog, type StatementsFor } from './StatementsDialog';
import type { Known, Sheet } from './sheet';
import { useEntry, useSheet } from './useSheet';

type General = GeneralComments['rows'][number]['class_teacher'];

const KINDS = ['class_teacher', 'head_teacher'] as const;
const WHOSE = { class_teacher: 'Class teacher’s comment', head_teacher: 'Head teacher’s comment' };

interface CommentGridProps {
  account: string;
  book: Markbook;
  group: string;
  term: string;
  caption: string;
}

export function CommentGrid({ account, book, group, term, caption }: CommentGridProps) {
  const { data, error, refetch } = useQuery(commentsQuery(group, term));
  const records = useMemo(
    () =>
      data?.rows.flatMap((row) =>
        KINDS.map((kind) => [idOf(row.pupil, kind), knownOf(row[kind])] as const),
      ),
    [data],
  );
  const sheet = useSheet({
    account,
    place: `${group}:general:${term}`,
    records,
    save: async (id, changed, version) => {
      const [pupil = '', kind] = id.split(':');
      const body = { term_id: term, expected_version: version, comment: changed.comment ?? '' };
      return knownOf(await saveComment(group, pupil, kind as CommentKind, body));
    },
    theirs: (current) => knownOf(current as unknown as General),
    wrong: (name, value) => tooLong(name, value, book.general_characters),
  });
  const [statements, setStatements] = useState<StatementsFor>();
  if (!data)
    return error ? <ProblemAlert problem={error} onRetry={() => refetch()} /> : <Loading />;
  if (data.rows.length === 0) return <NoPupils />;
  return (
    <>
      <LeaveGuard sheet={sheet} />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {data.state === 'open' && <SavingOfPage sheet={sheet} />}
      <Paper>
        <Table className={classes.grid} onKeyDown={moveInGrid}>
          <Table.Caption className={classes.caption}>{caption}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" className={classes.pupil}>
                Pupil
              </Table.Th>
              {KINDS.map((kind) => (
                <Table.Th key={kind} scope="col">
                  {WHOSE[kind]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.rows.map(({ pupil }, row) => (
              <Row
                key={pupil.id}
                sheet={sheet}
                book={book}
                pupil={pupil}
                row={row}
                readOnly={data.state !== 'open'}
                onStatements={setStatements}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <StatementsDialog wanted={statements} onClose={() => setStatements(undefined)} />
    </>
  );
}

interface RowProps {
  sheet: Sheet;
  book: Markbook;
  pupil: MarkbookPupil;
  row: number;
  readOnly: boolean;
  onStatements: (wanted: StatementsFor) => void;
}

const Row = memo(function Row({ sheet, book, pupil, row, readOnly, onStatements }: RowProps) {
  const name = `${pupil.forename} ${pupil.surname}`;
  const teacher = useEntry(sheet, idOf(pupil, 'class_teacher'));
  const head = useEntry(sheet, idOf(pupil, 'head_teacher'));
  const entries = { class_teacher: teacher, head_teacher: head };
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row">
          {pupil.surname}, {pupil.forename}
        </Table.Th>
        {KINDS.map((kind, column) => {
          const entry = entries[kind];
          if (!entry) return <Table.Td key={kind} />;
          return (
            <Table.Td key={kind} data-label={WHOSE[kind]}>
              <CommentCell
                sheet={sheet}
                id={idOf(pupil, kind)}
                entry={entry}
                name="comment"
                label={`${WHOSE[kind]} on ${name}`}
                row={row}
                column={column}
                readOnly={readOnly || (kind === 'head_teacher' && !book.whole_school)}
                limit={book.general_characters}
                onStatements={(insert) => onStatements({ kind: 'general', pupil, insert })}
              />
            </Table.Td>
          );
        })}
      </Table.Tr>
      {KINDS.map((kind) => {
        const entry = entries[kind];
        if (!entry) return null;
        return (
          <RowMessage
            key={kind}
            sheet={sheet}
            id={idOf(pupil, kind)}
            entry={entry}
            columns={3}
            whose={name}
            inWords={(_, value) => ({
              name: WHOSE[kind],
              value: value ? `‘${value}’` : 'no comment',
            })}
          />
        );
      })}
    </>
  );
});

function idOf(pupil: MarkbookPupil, kind: CommentKind): string {
  return `${pupil.id}:${kind}`;
}

function knownOf({ version, comment, recorded_at, recorded_by }: General): Known {
  return { version, values: { comment }, by: recorded_by, at: recorded_at };
}
