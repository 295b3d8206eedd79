/** The school's logo: shown, uploaded, replaced and taken away (R24). */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ImageUp } from 'lucide-react';
import { keepLogo, logoQuery, MOST_LOGO_BYTES, uploadLogo } from '~/api/logo';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { FileDrop } from '~/components/FileDrop';
import { Loading, ProblemAlert } from '~/components/messages';
import { LogoInUse } from './LogoInUse';
import { TakeLogoAway } from './TakeLogoAway';

const KINDS = ['image/png', 'image/jpeg', 'image/webp'];
const TOO_LARGE = {
  type: 'urn:classroom:problem:too-large',
  title: 'This picture is too large',
  detail: 'A logo may have up to 5 MB. Save it smaller: 1,000 pixels across are enough.',
};

export function SchoolLogo() {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(logoQuery);
  const sending = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_LOGO_BYTES) throw new ProblemError(413, TOO_LARGE);
      return uploadLogo(file);
    },
    onSuccess: (logo) => keepLogo(queryClient, logo),
    onError: () => queryClient.invalidateQueries({ queryKey: logoQuery.queryKey }),
  });
  const logo = data?.logo;
  return (
    <Paper component="section" aria-label="School logo" p="lg">
      <Title order={2} mb={4}>
        School logo
      </Title>
      <Text c="dimmed" mb="md" maw="46rem">
        It stands on the school’s assessment summaries, written reports and online reports. The
        admin account and every teacher and senior leader can change it.
      </Text>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack gap="sm">
          {logo ? (
            <Group align="flex-start" justify="space-between">
              <LogoInUse key={logo.version} logo={logo} />
              <TakeLogoAway onOpen={sending.reset} />
            </Group>
          ) : (
            <Text>There is no logo yet.</Text>
          )}
          {sending.error && (
            <ProblemAlert problem={sending.error}>
              {logo && <Text size="sm">The logo above stays in use.</Text>}
            </ProblemAlert>
          )}
          <Text role="status" size="sm">
            {sending.isPending && 'The logo is being uploaded…'}
            {sending.isSuccess && logo && 'The new logo is in use.'}
          </Text>
          <FileDrop
            icon={ImageUp}
            label={
              logo ? 'Drop another logo here, or choose it' : 'Drop the logo here, or choose it'
            }
            hint="PNG, JPEG or WebP, up to 5 MB. 1,000 pixels across look well in print."
            button={logo ? 'Replace the logo' : 'Choose a logo'}
            accept={KINDS}
            loading={sending.isPending}
            onFile={(file) => sending.mutate(file)}
            py={28}
          />
        </Stack>
      )}
    </Paper>
  );
}
