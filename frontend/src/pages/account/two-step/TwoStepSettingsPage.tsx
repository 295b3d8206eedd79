/** My account › two-step sign-in: one's authenticators and recovery codes (R1, R29). */
import { Alert, Button, EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Smartphone, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Session } from '~/api/session';
import { type Authenticator, twoStepQuery } from '~/api/two-step';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { Loading } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { formatMoment, plural } from '~/school/words';
import { AddAuthenticator } from './AddAuthenticator';
import { NewRecoveryCodes } from './NewRecoveryCodes';
import { RemoveAuthenticator } from './RemoveAuthenticator';
import { RenameAuthenticator } from './RenameAuthenticator';

type Doing = { what: 'add' | 'codes' } | { what: 'rename' | 'remove'; to: Authenticator };

const column = columnsOf<Authenticator>();

export function TwoStepSettingsPage({ session }: { session: Session }) {
  const result = useQuery(twoStepQuery);
  const [doing, setDoing] = useState<Doing>();
  if (result.error) return <ProblemPage error={result.error} reset={() => result.refetch()} />;
  if (!result.data) return <Loading />;
  const { authenticators, codes_left, required } = result.data;
  const shared = session.account.kind === 'admin';
  const isOn = authenticators.length > 0;
  const close = () => setDoing(undefined);
  const columns = column.columns([
    column.accessor('name', { header: 'Name' }),
    column.accessor('created_at', {
      header: 'Added',
      cell: ({ getValue }) => formatMoment(getValue()),
    }),
    column.accessor('used_at', {
      header: 'Last used',
      cell: ({ row }) => formatMoment(row.original.used_at ?? row.original.created_at),
    }),
    column.display({
      id: 'actions',
      header: 'Change',
      cell: ({ row: { original: to } }) => (
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            aria-label={`Rename ${to.name}`}
            onClick={() => setDoing({ what: 'rename', to })}
          >
            Rename
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Remove ${to.name}`}
            onClick={() => setDoing({ what: 'remove', to })}
          >
            Remove
          </Button>
        </Group>
      ),
    }),
  ]);

  return (
    <>
      <PageHeader
        title="Two-step sign-in"
        area={<TextLink to="/account">My account</TextLink>}
        description={
          isOn
            ? 'On. After your password you give a code of one of these authenticators.'
            : 'Off. With it, nobody can sign in with your password alone: a code from an app on your phone is asked for too.'
        }
        actions={
          <Button onClick={() => setDoing({ what: 'add' })}>
            {isOn ? 'Add an authenticator' : 'Set up two-step sign-in'}
          </Button>
        }
      />
      <Stack gap="lg">
        <Paper component="section" aria-label="Authenticators" style={{ overflow: 'hidden' }}>
          <Title order={2} p="md" pb={4}>
            Authenticators
          </Title>
          {shared && (
            <Text px="md" pb="sm" c="dimmed">
              The admin account can be shared. Give each person an authenticator of their own, named
              for them: the activity log then tells who of them has done what.
            </Text>
          )}
          {required && (
            <Text px="md" pb="sm" c="dimmed">
              Your school asks for two-step sign-in of this account, so the last one cannot be
              removed.
            </Text>
          )}
          {isOn ? (
            <DataTable caption="Authenticators" columns={columns} rows={authenticators} />
          ) : (
            <EmptyState
              icon={<Smartphone aria-hidden />}
              variant="light"
              py="xl"
              title="No authenticator yet"
              description="You need an app such as Microsoft Authenticator, Google Authenticator, or Passwords on an iPhone or iPad."
            />
          )}
        </Paper>
        {isOn && (
          <Paper component="section" aria-label="Recovery codes" p="md">
            <Title order={2} mb="xs">
              Recovery codes
            </Title>
            <Stack align="flex-start">
              {codes_left <= 3 && (
                <Alert color="amber" icon={<TriangleAlert aria-hidden />} role="status">
                  {codes_left === 0
                    ? 'No codes are left.'
                    : `Only ${plural(codes_left, 'code')} left.`}{' '}
                  Make new ones soon.
                </Alert>
              )}
              <Text>
                {plural(codes_left, 'code')} left. Each signs you in once in place of an
                authenticator, if your phone is lost.
              </Text>
              <Button variant="default" onClick={() => setDoing({ what: 'codes' })}>
                Make new recovery codes
              </Button>
            </Stack>
          </Paper>
        )}
      </Stack>
      {doing?.what === 'add' && <AddAuthenticator session={session} isOn={isOn} onClose={close} />}
      {doing?.what === 'codes' && <NewRecoveryCodes session={session} onClose={close} />}
      {doing?.what === 'rename' && <RenameAuthenticator which={doing.to} onClose={close} />}
      {doing?.what === 'remove' && (
        <RemoveAuthenticator
          which={doing.to}
          isLast={authenticators.length === 1}
          onClose={close}
        />
      )}
    </>
  );
}
