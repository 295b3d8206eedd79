/** Importing users: choose a file, check its columns, look at the preview, import (R10). */
import { Box, Stepper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { importQuery, type UserImport } from '~/api/user-imports';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ChooseFile } from './ChooseFile';
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
      {file ? (
        <OneImport key={file} importId={file} />
      ) : (
        <>
          <Steps active={0} />
          <ChooseFile />
        </>
      )}
    </>
  );
}

function OneImport({ importId }: { importId: string }) {
  const { step } = route.useSearch();
  const found = useQuery(importQuery(importId));
  if (found.isPending) return <Loading />;
  if (found.error) {
    return (
      <>
        <Steps active={0} />
        <Box mb="lg">
          <ProblemAlert problem={found.error} />
        </Box>
        <ChooseFile />
      </>
    );
  }
  return <AtItsStep made={found.data} backAtColumns={step === 'columns'} />;
}

interface AtItsStepProps {
  made: UserImport;
  backAtColumns: boolean;
}

function AtItsStep({ made, backAtColumns }: AtItsStepProps) {
  const navigate = route.useNavigate();
  const at = placeOf(made, backAtColumns);
  useBeginning(at);
  const goTo = (wanted?: 'columns') =>
    navigate({ search: (before) => ({ ...before, step: wanted }), replace: true });
  return (
    <>
      <Steps active={at} />
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

/** Each step begins at the top of the page, for the eye and for a screen reader. */
function useBeginning(step: number): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    window.scrollTo({ top: 0 });
    document.querySelector('h1')?.focus({ preventScroll: true });
  }, [step]);
}

/** Where one is. It shows, and is not to be pressed: each step has its own buttons. */
function Steps({ active }: { active: number }) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const said = `Step ${active + 1} of ${STEPS.length}: ${STEPS[active]}`;
  if (narrow) {
    return (
      <Box mb="lg" fw={600} role="status">
        {said}
      </Box>
    );
  }
  return (
    <>
      <Stepper active={active === 3 ? 4 : active} size="sm" mb="xl" aria-hidden inert>
        {STEPS.map((label) => (
          <Stepper.Step key={label} label={label} />
        ))}
      </Stepper>
      <Box pos="absolute" w={1} h={1} style={{ overflow: 'hidden' }} role="status">
        {said}
      </Box>
    </>
  );
}
