/** Generate Reports › the online reports of a job: published, withdrawn, opened (R27). */
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { publicationQuery } from '~/api/online-reports';
import { Figure, Figures } from '~/components/Figures';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { KINDS } from '~/pages/generate-reports/words';
import { formatMoment } from '~/school/words';
import { Publish } from './Publish';
import { Pupils } from './Pupils';
import { WithdrawAll } from './Withdraw';
import { isShown, openedInWords } from './words';

export function PublicationPage({ jobId }: { jobId: string }) {
  const { data, error, refetch } = useQuery(publicationQuery(jobId));
  const publication = data?.publication;
  const pupils = publication?.pupils ?? [];
  const published = pupils.filter(({ state }) => state === 'published');
  return (
    <>
      <PageHeader
        title={publication ? `Online reports: ${publication.scope_name}` : 'Online reports'}
        area={<TextLink to="/generate-reports">Generate Reports</TextLink>}
        description={
          publication &&
          `${KINDS[publication.kind]}, ${publication.term_name} ${publication.academic_year}. Made: ${formatMoment(publication.made_at)}.`
        }
        actions={published.length > 0 && <WithdrawAll jobId={jobId} pupils={published} />}
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && publication && (
        <Stack gap="lg">
          <Unavailable services={data.unavailable} />
          {published.length > 0 && (
            <Figures label="Online reports so far">
              <Figure count={published.length} label="Published" />
              <Figure count={pupils.filter((one) => isShown(one, 'opened')).length} label="Opened">
                <Text size="sm" c="dimmed">
                  {openedInWords(pupils)}
                </Text>
              </Figure>
              <Figure
                count={pupils.filter((one) => isShown(one, 'unopened')).length}
                label="Not opened yet"
              />
              <Figure
                count={published.filter(({ parents }) => parents === 'none').length}
                label="Without a parent here"
              />
            </Figures>
          )}
          <Publish key={published.length} publication={publication} />
          <Paper component="section" aria-label="Pupils" style={{ overflow: 'hidden' }}>
            <Title order={2} px="lg" pt="lg" pb="sm">
              Pupils
            </Title>
            <Pupils publication={publication} />
          </Paper>
        </Stack>
      )}
    </>
  );
}
