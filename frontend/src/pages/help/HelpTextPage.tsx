/** One help page (R28). Its text is Markdown in `help/texts/`. */
import { List, Paper, Stack, Text, Title, Typography } from '@mantine/core';
import type { ComponentProps } from 'react';
import Markdown from 'react-markdown';
import { ButtonLink, TextLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import type { Reader } from '~/help/help-text';
import { helpText } from '~/help/texts';
import { useReaders } from './useReaders';

export function HelpTextPage({ slug }: { slug: string }) {
  const readers = useReaders();
  const help = helpText(slug, readers);
  if (!help) return <NotForYou readers={readers} slug={slug} />;
  const related = help.related.flatMap((other) => helpText(other, readers) ?? []);
  return (
    <>
      <PageHeader
        title={help.title}
        area={<TextLink to="/help">Help</TextLink>}
        description={help.summary}
      />
      <Paper p={{ base: 'md', sm: 'xl' }} maw="52rem">
        <Typography>
          <Markdown components={{ a: LinkInText }}>{help.text}</Markdown>
        </Typography>
      </Paper>
      {related.length > 0 && (
        <Stack gap="xs" mt="xl" component="section" aria-labelledby="help-related">
          <Title order={2} size="h4" id="help-related">
            Related help
          </Title>
          <List spacing={4}>
            {related.map(({ slug: other, title }) => (
              <List.Item key={other}>
                <TextLink to="/help/$slug" params={{ slug: other }}>
                  {title}
                </TextLink>
              </List.Item>
            ))}
          </List>
        </Stack>
      )}
    </>
  );
}

/** Every link leads to one of our own pages, which a test sees to. */
function LinkInText({ href, children }: ComponentProps<'a'>) {
  return (
    <TextLink to={href as '/'} inherit td="underline">
      {children}
    </TextLink>
  );
}

function NotForYou({ readers, slug }: { readers: readonly Reader[]; slug: string }) {
  const visitor = readers.includes('visitor');
  return (
    <>
      <PageHeader title="There is no such help page for you" area="Help" />
      <Text maw="46rem">
        {visitor
          ? 'Help with what is inside Classroom Monitor can be read once you are signed in.'
          : 'It may be about a part of Classroom Monitor that your account does not open, or the address may have been typed wrongly.'}
      </Text>
      <ButtonLink to="/help" mt="md" mr="sm">
        Go to the help contents
      </ButtonLink>
      {visitor && (
        <ButtonLink to="/sign-in" search={{ next: `/help/${slug}` }} mt="md" variant="default">
          Sign in
        </ButtonLink>
      )}
    </>
  );
}
