/** Importing marks of one group, subject and term: a file, its columns, the preview (R10, R26). */
import { Button, List, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import {
  confirmImport,
  importQuery,
  keepImport,
  lookThrough,
  type MarkImport,
  rowsToMend,
  uploadFile,
} from '~/api/mark-imports';
import { markbookQuery, marksFile } from '~/api/markbook';
import { useMutation } from '~/app/mutation';
import { ChooseFile, FileHelp } from '~/components/import/ChooseFile';
import { ColumnsTable, useColumns } from '~/components/import/ColumnsTable';
import { FoundImport } from '~/components/import/FoundImport';
import { ImportDone } from '~/components/import/ImportDone';
import { ConfirmBar, MendButton, Rejected, useConfirming } from '~/components/import/Preview';
import { StepButtons } from '~/components/import/StepButtons';
import { Steps } from '~/components/import/Steps';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { counted } from '~/school/words';
import { type Chosen, chosenIn } from '../chosen';
import { EFFORTS, whyClosed } from '../words';
import { CancelMarkImport } from './CancelMarkImport';
import { MarkRows } from './MarkRows';
import { placeOf } from './place';
import { FIELDS, whatImportingDoes, wrongColumns } from './words';

const route = getRouteApi('/signed-in/staff/markbook/import');

const STEPS = ['Choose a file', 'Columns', 'Preview', 'Done'];
const NO_COUNTS = { added: 0, updated: 0, unchanged: 0, rejected: 0 };

export function MarkImportPage() {
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(markbookQuery);
  const chosen = data && chosenIn(data, search);
  const where =
    chosen?.subject &&
    `${chosen.group.name}, ${chosen.subject.name}, ${chosen.term.name} ${chosen.term.academic_year}`;
  return (
    <>
      <PageHeader
        title="Import marks"
        area={
          <TextLink
            to="/markbook"
            search={{ group: search.group, subject: search.subject, term: search.term }}
          >
            Markbook
          </TextLink>
        }
        description={where && `For ${where}. You see what would happen before anything does.`}
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <OneImport
          key={search.file}
          importId={search.file}
          chosen={chosen}
          codes={data.bands.filter(({ active }) => active).map(({ code }) => code)}
        />
      )}
    </>
  );
}

interface OneImportProps {
  importId: string | undefined;
  chosen: Chosen | undefined;
  codes: readonly string[];
}

function OneImport({ importId, chosen, codes }: OneImportProps) {
  const { step } = route.useSearch();
  const found = useQuery({ ...importQuery(importId ?? ''), enabled: importId !== undefined });
  return (
    <FoundImport
      steps={STEPS}
      result={importId ? found : undefined}
      choose={<ChooseMarks chosen={chosen} codes={codes} />}
    >
      {(made) => <AtItsStep made={made} backAtColumns={step === 'columns'} />}
    </FoundImport>
  );
}

function ChooseMarks({ chosen, codes }: Pick<OneImportProps, 'chosen' | 'codes'>) {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  if (!chosen?.subject) return null;
  const place = { group: chosen.group.id, subject: chosen.subject.id, term: chosen.term.id };
  const closed = whyClosed(chosen.term);
  if (closed) return <p>{closed}</p>;
  const points = [
    'The first row has headings: UPN, or Surname and Forename; and Attainment, Effort, Comment, or some of these.',
    `Attainment is a code of your school’s scale: ${codes.join(', ')}. Effort is ${EFFORTS.map(({ label }) => label).join(', ')}.`,
    `Only pupils of ${chosen.group.name} are taken in. An empty cell changes nothing.`,
  ];
  return (
    <ChooseFile
      limits="up to 20 MB and 1,000 rows"
      upload={(file) => uploadFile(file, place)}
      onUploaded={(made) => {
        keepImport(queryClient, made);
        return navigate({ search: { ...place, file: made.id } });
      }}
    >
      <FileHelp
        points={points}
        templates={[
          { href: marksFile(place, true), label: `Download a list of ${chosen.group.name}` },
        ]}
      />
    </ChooseFile>
  );
}

function AtItsStep({ made, backAtColumns }: { made: MarkImport; backAtColumns: boolean }) {
  const navigate = route.useNavigate();
  const at = stepOf(made, backAtColumns);
  const goTo = (wanted?: 'columns') =>
    navigate({ search: (before) => ({ ...before, step: wanted }), replace: true });
  return (
    <>
      <Steps labels={STEPS} active={at} />
      {at === 1 && <Columns made={made} onLookedThrough={() => goTo()} />}
      {at === 2 && <Preview made={made} onBack={() => goTo('columns')} />}
      {at === 3 && <Done made={made} />}
    </>
  );
}

function stepOf({ state }: MarkImport, backAtColumns: boolean): number {
  if (state === 'confirmed') return 3;
  return state === 'uploaded' || backAtColumns ? 1 : 2;
}

function Columns({ made, onLookedThrough }: { made: MarkImport; onLookedThrough: () => void }) {
  const queryClient = useQueryClient();
  const columns = useColumns(made.columns);
  const look = useMutation({
    mutationFn: () => lookThrough(made.id, { columns: columns.chosen }),
    onSuccess: (previewed) => {
      keepImport(queryClient, previewed);
      onLookedThrough();
    },
  });
  const wrong = wrongColumns(columns.chosen.map(({ field }) => field));
  return (
    <Stack gap="lg">
      {look.error && <ProblemAlert problem={look.error} />}
      <ColumnsTable made={made} choices={columns} fields={FIELDS} />
      <StepButtons cancel={<CancelMarkImport made={made} />} wrong={wrong}>
        <Button
          onClick={() => look.mutate()}
          loading={look.isPending}
          disabled={wrong !== undefined}
        >
          Show the preview
        </Button>
      </StepButtons>
    </Stack>
  );
}

function Preview({ made, onBack }: { made: MarkImport; onBack: () => void }) {
  const queryClient = useQueryClient();
  const confirm = useConfirming({
    confirm: () => confirmImport(made),
    onDone: (done) => keepImport(queryClient, done),
    onChanged: () => queryClient.invalidateQueries({ queryKey: importQuery(made.id).queryKey }),
  });
  const counts = made.counts ?? NO_COUNTS;
  const doing = counts.added + counts.updated;
  return (
    <Stack gap="lg">
      {confirm.error && <ProblemAlert problem={confirm.error} />}
      <Rejected
        count={counts.rejected}
        file={rowsToMend(made.id)}
        all={counts.rejected === made.rows}
      />
      <MarkRows made={made} counts={counts} />
      <ConfirmBar
        says={whatImportingDoes(counts)}
        cancel={<CancelMarkImport made={made} />}
        onBack={onBack}
      >
        <Button onClick={() => confirm.mutate()} loading={confirm.isPending} disabled={doing === 0}>
          {doing > 0 ? `Import ${counted(doing, 'mark')}` : 'Nothing to import'}
        </Button>
      </ConfirmBar>
    </Stack>
  );
}

function Done({ made }: { made: MarkImport }) {
  const counts = made.counts ?? NO_COUNTS;
  return (
    <ImportDone
      says={
        <>
          {counted(counts.added, 'mark')} added, {counts.updated} changed, {counts.unchanged}{' '}
          unchanged{counts.rejected > 0 && `, ${counted(counts.rejected, 'row')} left out`}.
        </>
      }
      next={
        <List spacing="xs">
          <List.Item>Look the marks through in the markbook.</List.Item>
          {counts.rejected > 0 && (
            <List.Item>Mend the rows that were left out, and import that file as well.</List.Item>
          )}
        </List>
      }
      actions={
        <>
          <ButtonLink to="/markbook" search={placeOf(made)}>
            Go to the markbook
          </ButtonLink>
          {counts.rejected > 0 && <MendButton file={rowsToMend(made.id)} />}
          <ButtonLink to="/markbook/import" search={placeOf(made)} variant="default">
            Import another file
          </ButtonLink>
        </>
      }
    >
      <MarkRows made={made} counts={counts} />
    </ImportDone>
  );
}
