/** All help pages that are for whoever looks, under their headings (R28). */
import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { TextLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { SECTIONS } from '~/help/help-text';
import { helpTextsFor } from '~/help/texts';
import { useReaders } from './useReaders';

export function HelpContentsPage() {
  const readers = useReaders();
  const texts = helpTextsFor(readers);
  const sections = SECTIONS.map((section) => ({
    section,
    texts: texts.filter((text) => text.section === section),
  })).filter((part) => part.texts.length > 0);
  return (
    <>
      <PageHeader
        title="Help"
        description={
          readers.includes('visitor')
            ? 'How to get in. Help with everything else is here once you are signed in.'
            : 'Each page has its own help, which Help at the top right opens. Here is all of it.'
        }
      />
      <Stack gap="xl">
        {sections.map((part) => (
          <section key={part.section} aria-labelledby={idOf(part.section)}>
            <Title order={2} size="h3" id={idOf(part.section)} mb="sm">
              {part.section}
            </Title>
            <SimpleGrid component="ul" cols={{ base: 1, lg: 2 }} p={0} m={0} spacing="md">
              {part.texts.map(({ slug, title, summary }) => (
                <li key={slug} style={{ listStyle: 'none' }}>
                  <TextLink to="/help/$slug" params={{ slug }} fw={600}>
                    {title}
                  </TextLink>
                  <Text size="sm">{summary}</Text>
                </li>
              ))}
            </SimpleGrid>
          </section>
        ))}
      </Stack>
    </>
  );
}

const idOf = (section: string) => `help-${section.toLowerCase().replaceAll(' ', '-')}`;
