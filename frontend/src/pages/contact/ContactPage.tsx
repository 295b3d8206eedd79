/** Contact us: staff write to support and see what they have sent; parents ask their school (R28). */
import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleHelp } from 'lucide-react';
import { type Contact, contactQuery } from '~/api/contact';
import type { Session } from '~/api/session';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { AskTheSchool } from './AskTheSchool';
import { SentMessages } from './SentMessages';
import { WriteToSupport } from './WriteToSupport';

export function ContactPage({ session }: { session: Session }) {
  const { data, error, refetch } = useQuery({
    ...contactQuery,
    refetchInterval: ({ state }) =>
      state.data?.sent.some((message) => message.state === 'waiting') ? WHILE_WAITING_MS : false,
  });
  const isParent = session.account.kind === 'parent';
  return (
    <>
      <PageHeader
        title="Contact us"
        description={
          isParent
            ? 'Your school helps you with everything about your account and your children.'
            : 'Has the help not answered your question? Write to us.'
        }
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && isParent && <AskTheSchool school={data.school} />}
      {data && !isParent && (
        <Stack gap="lg">
          {data.can_write ? (
            <WriteToSupport replyTo={data.reply_to} />
          ) : (
            <AskSomebodyElse isAdmin={session.account.kind === 'admin'} school={data.school} />
          )}
          <SentMessages messages={data.sent} />
        </Stack>
      )}
    </>
  );
}

const WHILE_WAITING_MS = 5_000;

/** No support address is set where this runs. */
function AskSomebodyElse({ isAdmin, school }: { isAdmin: boolean; school: Contact['school'] }) {
  return (
    <Alert
      icon={<CircleHelp aria-hidden />}
      title="Messages cannot be sent from here"
      role="status"
    >
      <Text size="sm">
        {isAdmin
          ? 'Please ask the people who run Classroom Monitor for your school: your IT support, your trust or local authority, or whoever set your school up.'
          : `Please ask the person who runs Classroom Monitor at ${school.name}. They know whom to turn to.`}
      </Text>
    </Alert>
  );
}
