/** An address that leads nowhere. */
import { Container, Stack, Text } from '@mantine/core';
import { ButtonLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';

export function NotFoundPage() {
  return (
    <Container component="main" size="sm" py="xl">
      <Stack align="flex-start">
        <PageHeader title="There is no page here" />
        <Text>
          The address may have been typed wrongly, or the page may have moved. Everything can be
          reached from the home page.
        </Text>
        <ButtonLink to="/">Go to the home page</ButtonLink>
      </Stack>
    </Container>
  );
}
