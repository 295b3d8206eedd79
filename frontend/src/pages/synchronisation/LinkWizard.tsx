/** Linking the MIS, step by step: what it exports, credentials, the connector, the first data (R15). */
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { type Linked, type MisLink, makeLink, type Run } from '~/api/mis';
import { useMutation } from '~/app/mutation';
import { Steps } from '~/components/import/Steps';
import { ButtonLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { GiveCredentials } from './GiveCredentials';
import { LINK_STEPS, linkStep, STEP, sendsByItself } from './link-steps';
import { SourceKindChoice } from './SourceKindChoice';
import type { SourceKindName } from './source-kinds';
import { TestConnection } from './TestConnection';
import { WaitForData } from './WaitForData';

interface LinkWizardProps {
  link: MisLink;
  /** The run that is under way. */
  run: Run | undefined;
  kind: SourceKindName;
  onKind: (kind: SourceKindName) => void;
  /** As long as they are shown. */
  credentials: Linked['credentials'] | undefined;
  onLinked: (credentials: Linked['credentials']) => void;
  onClose: () => void;
}

export function LinkWizard({
  link,
  run,
  kind,
  onKind,
  onLinked,
  onClose,
  ...more
}: LinkWizardProps) {
  const { credentials } = more;
  const [startedFor, setStartedFor] = useState<string>();
  const started = startedFor !== undefined && startedFor === credentials?.username;
  const step = linkStep(link, { credentials, started });
  return (
    <Paper component="section" aria-labelledby="link-wizard" p="md">
      <Title order={2} id="link-wizard" mb="md">
        Linking your MIS
      </Title>
      <Steps labels={LINK_STEPS} active={step} />
      {step === STEP.source && (
        <ChooseSource link={link} kind={kind} onKind={onKind} onLinked={onLinked} />
      )}
      {step === STEP.credentials && credentials && (
        <GiveCredentials
          credentials={credentials}
          kind={kind}
          onKind={onKind}
          onStarted={() => setStartedFor(credentials.username)}
        />
      )}
      {step === STEP.connector && (
        <TestConnection
          link={link}
          kind={kind}
          onKind={onKind}
          onBack={credentials ? () => setStartedFor(undefined) : undefined}
        />
      )}
      {step === STEP.data && <WaitForData link={link} run={run} />}
      {step === STEP.done && <LinkDone link={link} onClose={onClose} />}
    </Paper>
  );
}

type ChooseSourceProps = Pick<LinkWizardProps, 'link' | 'kind' | 'onKind' | 'onLinked'>;

function ChooseSource({ link, kind, onKind, onLinked }: ChooseSourceProps) {
  const make = useMutation({
    mutationFn: () => makeLink(link.connector?.id ?? null),
    onSuccess: (made) => onLinked(made.credentials),
  });
  return (
    <Stack>
      <Text>
        A small program, the connector, reads what your MIS exports and sends it here. It runs on a
        computer in school, or wherever your MIS puts its exports. You, or whoever looks after your
        computers, set it up once.
      </Text>
      <SourceKindChoice kind={kind} onChange={onKind} />
      {make.isError && <ProblemAlert problem={make.error} />}
      <Group justify="flex-end">
        <Button onClick={() => make.mutate()} loading={make.isPending}>
          Make the credentials
        </Button>
      </Group>
    </Stack>
  );
}

interface LinkDoneProps {
  link: MisLink;
  onClose: () => void;
}

function LinkDone({ link, onClose }: LinkDoneProps) {
  return (
    <Stack>
      <Alert
        color="leaf"
        icon={<CircleCheck aria-hidden />}
        title="Your MIS is linked"
        role="status"
      >
        What it holds has arrived. Where it differs from Classroom Monitor, you decide under MIS
        Mapping.{' '}
        {sendsByItself(link)
          ? 'From now on it comes whenever your connector is started: have a timer start it every night.'
          : 'From now on it is asked every night, as long as the connector runs.'}
      </Alert>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <ButtonLink to="/data-management/mis-mapping">Go to MIS Mapping</ButtonLink>
      </Group>
    </Stack>
  );
}
