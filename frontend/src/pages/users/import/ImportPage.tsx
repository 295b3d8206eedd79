/** Importing users: choose a file, check its columns, look at the preview, import (R10). */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { importQuery, type UserImport } from '~/api/user-imports';
import { FoundImport } from '~/components/import/FoundImport';
import { Steps } from '~/components/import/Steps';
import { TextLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { ChooseUsers } from './ChooseUsers';
import { Columns } from './Columns';
import { Done } from './Done';
import { Preview } from './Preview';

const route = getRouteApi('/signed-in/admin/users/import');

const STEPS = ['Choose a file', 'Columns', 'Preview', 'Done'];

export function ImportPage() {
  const { file } = route.useSearch();
  return (
    <>
      <PageHeader
        title="Import users"
        area={<TextLink to="/users">User Management</TextLink>}
        description="Add teachers and senior leaders from a list, or update those who are here. You see what would happen before anything does."
      />
      <OneImport key={file} importId={file} />
    </>
  );
}

function OneImport({ importId }: { importId: string | undefined }) {
  const { step } = route.useSearch();
  const found = useQuery({ ...importQuery(importId ?? ''), enabled: importId !== undefined });
  return (
    <FoundImport steps={STEPS} result={importId ? found : undefined} choose={<ChooseUsers />}>
      {(made) => <AtItsStep made={made} backAtColumns={step === 'columns'} />}
    </FoundImport>
  );
}

interface AtItsStepProps {
  made: UserImport;
  backAtColumns: boolean;
}

function AtItsStep({ made, backAtColumns }: AtItsStepProps) {
  const navigate = route.useNavigate();
  const at = placeOf(made, backAtColumns);
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

function placeOf({ state }: UserImport, backAtColumns: boolean): number {
  if (state === 'confirmed') return 3;
  return state === 'uploaded' || backAtColumns ? 1 : 2;
}
