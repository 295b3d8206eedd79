/** The marks of a group in one subject and term: attainment, effort, comment (R26). */
import { Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, Check } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import {
  type Mark,
  type Markbook,
  type MarkbookBand,
  type MarkbookPupil,
  type Marks,
  marksQuery,
  type Place,
  saveMark,
} from '~/api/markbook';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatNumber, yearGroupName } from '~/school/words';
import { ChoiceCell, CommentCell } from './Cells';
import classes from './Grid.module.css';
import { moveInGrid } from './grid-keys';
import { LeaveGuard } from './LeaveGuard';
import { NoPupils } from './NoPupils';
import { RowMessage } from './RowMessage';
import { SavingOfPage } from './Saving';
import { StatementsDialog, type StatementsFor } from './StatementsDialog';
import type { Known, Sheet, Values } from './sheet';
import { useEntry, useSheet, useValues } from './useSheet';
import { EFFORTS } from './words';

interface MarkGridProps {
  account: string;
  book: Markbook;
  place: Place;
  caption: string;
}

export function MarkGrid({ account, book, place, caption }: MarkGridProps) {
  const { data, error, refetch } = useQuery(marksQuery(place));
  const records = useMemo(
    () => data?.rows.map(({ pupil, mark }) => [pupil.id, knownOf(mark)] as const),
    [data],
  );
  const sheet = useSheet({
    account,
    place: `${place.group}:${place.subject}:${place.term}`,
    records,
    save: async (pupil, changed, version) =>
      knownOf(
        await saveMark(place.group, pupil, {
          subject_id: place.subject,
          term_id: place.term,
          expected_version: version,
          ...changed,
        }),
      ),
    theirs: (current) => knownOf(current as unknown as Mark),
    wrong: (name, value) => tooLong(name, value, book.comment_characters),
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
      <Summary sheet={sheet} rows={data.rows} bands={book.bands} />
      <Paper>
        <Table className={classes.grid} onKeyDown={moveInGrid}>
          <Table.Caption className={classes.caption}>{caption}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" className={classes.pupil}>
                Pupil
              </Table.Th>
              <Table.Th scope="col" className={classes.attainment}>
                Attainment
              </Table.Th>
              <Table.Th scope="col" className={classes.effort}>
                Effort
              </Table.Th>
              <Table.Th scope="col">Comment</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.rows.map(({ pupil, taught }, row) => (
              <Row
                key={pupil.id}
                sheet={sheet}
                book={book}
                pupil={pupil}
                taught={taught}
                readOnly={data.state !== 'open'}
                row={row}
                subject={place.subject}
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
  taught: boolean;
  readOnly: boolean;
  row: number;
  subject: string;
  onStatements: (wanted: StatementsFor) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { sheet, book, pupil, taught, readOnly, row, subject, onStatements } = props;
  const entry = useEntry(sheet, pupil.id);
  const bands = useMemo(() => book.bands.map(bandOption), [book.bands]);
  const name = `${pupil.forename} ${pupil.surname}`;
  if (!entry) return null;
  const cell = { sheet, id: pupil.id, entry, row, readOnly: readOnly || !taught };
  const band = sheet.value(pupil.id, 'band_id');
  if (!taught && entry.known.version === 0) {
    return (
      <Table.Tr>
        <Name pupil={pupil} />
        <Table.Td colSpan={3}>
          <Text size="sm" c="dimmed" pt={6}>
            Not taught in {pupil.year_group ? yearGroupName(pupil.year_group) : 'this year group'}
          </Text>
        </Table.Td>
      </Table.Tr>
    );
  }
  return (
    <>
      <Table.Tr>
        <Name pupil={pupil} />
        <Table.Td data-label="Attainment">
          <ChoiceCell
            {...cell}
            name="band_id"
            label={`Attainment of ${name}`}
            column={0}
            options={bands}
          />
          <Against band={book.bands.find(({ id }) => id === band)} />
        </Table.Td>
        <Table.Td data-label="Effort">
          <ChoiceCell
            {...cell}
            name="effort"
            label={`Effort of ${name}`}
            column={1}
            options={EFFORTS}
          />
        </Table.Td>
        <Table.Td data-label="Comment">
          <CommentCell
            {...cell}
            name="comment"
            label={`Comment on ${name}`}
            column={2}
            limit={book.comment_characters}
            onStatements={(insert) =>
              onStatements({ kind: 'subject', pupil, subject, band, insert })
            }
          />
        </Table.Td>
      </Table.Tr>
      <RowMessage
        sheet={sheet}
        id={pupil.id}
        entry={entry}
        columns={4}
        whose={name}
        inWords={(field, value) => inWords(book.bands, field, value)}
      />
    </>
  );
});

function Name({ pupil }: { pupil: MarkbookPupil }) {
  return (
    <Table.Th scope="row">
      {pupil.surname}, {pupil.forename}
    </Table.Th>
  );
}

/** Where a band stands, in words: never by a colour alone. */
function Against({ band }: { band: MarkbookBand | undefined }) {
  if (!band) return null;
  const Icon = band.below ? ArrowDown : Check;
  return (
    <div className={classes.against} data-below={band.below || undefined}>
      <Icon size={14} aria-hidden />
      {band.below ? 'Below the year’s expectation' : 'At or above expectation'}
    </div>
  );
}

interface SummaryProps {
  sheet: Sheet;
  rows: Marks['rows'];
  bands: readonly MarkbookBand[];
}

/** Of what stands in the grid, saved or not. */
function Summary({ sheet, rows, bands }: SummaryProps) {
  const taught = rows.filter((row) => row.taught);
  const values = useValues(sheet, taught.map(({ pupil }) => pupil.id).join(' '), 'band_id');
  const given = values.flatMap((value) => bands.filter(({ id }) => id === value));
  const below = given.filter((band) => band.below).length;
  const where = `${formatNumber(given.length - below)} at or above the year’s expectation, ${formatNumber(below)} below`;
  return (
    <Text size="sm" c="dimmed">
      {formatNumber(given.length)} of {formatNumber(taught.length)} have an attainment
      {given.length > 0 && `: ${where}`}.
    </Text>
  );
}

function bandOption({ id, code, name, active }: MarkbookBand) {
  return { value: id, code, label: `${code} – ${name}`, inactive: !active };
}

function inWords(bands: readonly MarkbookBand[], name: string, value: string | null) {
  const none = value === null || value === '';
  if (name === 'comment') return { name: 'Comment', value: none ? 'no comment' : `‘${value}’` };
  if (name === 'effort') {
    return { name: 'Effort', value: EFFORTS.find((one) => one.value === value)?.label ?? 'none' };
  }
  const band = bands.find(({ id }) => id === value);
  return { name: 'Attainment', value: band ? `${band.code} – ${band.name}` : 'none' };
}

export function tooLong(name: string, value: string | null, most: number): string | undefined {
  if (!name.startsWith('comment') || (value ?? '').length <= most) return undefined;
  const over = (value ?? '').length - most;
  return `The comment is ${formatNumber(over)} characters too long. Shorten it; it is kept here meanwhile.`;
}

function knownOf(mark: Mark): Known {
  const { version, band_id, effort, comment, recorded_at, recorded_by } = mark;
  const values: Values = { band_id, effort, comment };
  return { version, values, by: recorded_by, at: recorded_at };
}
