/** Pupil Import: choose a file, check its columns, say what to do, look at the preview (R10). */
import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import {
  isMoving,
  type PupilImport,
  type PupilOutcome,
  pupilImportQuery,
} from '~/api/pupil-imports';
import { FoundImport } from '~/components/import/FoundImport';
import { ImportProgress } from '~/components/import/ImportProgress';
import { Steps } from '~/components/import/Steps';
import { TextLink } from '~/components/links';
import { Loading } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ChoosePupils } from './ChoosePupils';
import { Columns } from './Columns';
import { Done } from './Done';
import { HowMeant } from './HowMeant';
import { Preview } from './Preview';
import { useDraft } from './useDraft';

const route = getRouteApi('/signed-in/admin/pupils/import');

const STEPS = ['Choose a file', 'Columns', 'What to do', 'Preview', 'Done'];

/** Steps that can be gone back to, as the address has them. */
export const EARLIER_STEPS = ['columns', 'how'] as const;
type EarlierStep = (typeof EARLIER_STEPS)[number];

/** Which upload, how far back in it, and which of its rows are shown. */
export interface PupilImportSearch {
  file?: string;
  step?: EarlierStep;
  show?: PupilOutcome;
}

export function PupilImportPage() {
  const { file } = route.useSearch();
  return (
    <>
      <PageHeader
        title="Pupil Import"
        area={<TextLink to="/pupils">Pupil Management</TextLink>}
        description="Add pupils from a list, or update those who are here. You see what would happen before anything does."
      />
      <OneImport key={file} importId={file} />
    </>
  );
}

function OneImport({ importId }: { importId: string | undefined }) {
  const found = useQuery({
    ...pupilImportQuery(importId ?? ''),
    enabled: importId !== undefined,
  });
  return (
    <FoundImport steps={STEPS} result={importId ? found : undefined} choose={<ChoosePupils />}>
      {(made) =>
        made.state === 'interrupted' ? <NotRead made={made} /> : <AtItsStep made={made} />
      }
    </FoundImport>
  );
}

function AtItsStep({ made }: { made: PupilImport }) {
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const at = placeOf(made, step);
  const goTo = (wanted?: EarlierStep) =>
    navigate({ search: (before) => ({ ...before, step: wanted, show: undefined }) });
  return (
    <>
      <Steps labels={STEPS} active={at} />
      {isMoving(made) ? (
        <Moving made={made} />
      ) : (
        <>
          {(at === 1 || at === 2) && (
            <Choosing key={made.version} made={made} at={at} goTo={goTo} />
          )}
          {at === 3 && (
            <Preview made={made} onBack={() => goTo('how')} onConfirmed={() => goTo()} />
          )}
          {at === 4 && <Done made={made} />}
        </>
      )}
    </>
  );
}

interface ChoosingProps {
  made: PupilImport;
  at: number;
  goTo: (wanted?: EarlierStep) => void;
}

/** The two steps before the preview, which share what was chosen. */
function Choosing({ made, at, goTo }: ChoosingProps) {
  const draft = useDraft(made);
  if (at === 1) return <Columns made={made} draft={draft} onNext={() => goTo('how')} />;
  return (
    <HowMeant
      made={made}
      draft={draft}
      onBack={() => goTo('columns')}
      onLookedThrough={() => goTo()}
    />
  );
}

function NotRead({ made }: { made: PupilImport }) {
  return (
    <>
      <Steps labels={STEPS} active={0} />
      <Alert mb="lg" color="brick" role="alert" title={`${made.file_name} was not read to its end`}>
        <Text size="sm">
          The upload broke off. Nothing was changed. Please upload the file again.
        </Text>
      </Alert>
      <ChoosePupils />
    </>
  );
}

function Moving({ made: { state, progress } }: { made: PupilImport }) {
  const reading = state === 'reading';
  const what = reading ? 'The file is being read' : 'The pupils are being imported';
  if (!progress) return <Loading what={what} />;
  return <ImportProgress what={what} thing={reading ? 'row' : 'pupil'} progress={progress} />;
}

function placeOf({ state }: PupilImport, step: EarlierStep | undefined): number {
  if (state === 'confirmed' || state === 'undone') return 4;
  if (state === 'applying') return 3;
  if (state === 'reading') return 0;
  if (step === 'columns') return 1;
  if (step === 'how') return 2;
  return state === 'previewed' ? 3 : 1;
}
