/** A template as it was at an earlier version: looked at, and taken up again (R25). */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useState } from 'react';
import { keepTemplate, type Template, takeUpVersion, templateQuery } from '~/api/templates';
import { useMutation } from '~/app/mutation';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import type { ChosenPupil } from '~/components/PupilPicker';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { formatMoment } from '~/school/words';
import { KIND_NAMES } from './layout-form';
import { Preview } from './Preview';

interface VersionPageProps {
  templateId: string;
  version: number;
}

export function VersionPage({ templateId, version }: VersionPageProps) {
  const earlier = useQuery(templateQuery(templateId, version));
  const [pupil, setPupil] = useState<ChosenPupil | null>(null);
  if (earlier.error) return <ProblemPage error={earlier.error} reset={() => earlier.refetch()} />;
  if (!earlier.data) return <Loading />;
  const { saved, kind, layout, newest } = earlier.data;
  return (
    <>
      <PageHeader
        title={`${saved.name}, version ${saved.version}`}
        area={
          <TextLink to="/report-templates/$templateId" params={{ templateId }}>
            {saved.name}
          </TextLink>
        }
        description={`${KIND_NAMES[kind]}. Saved: ${formatMoment(saved.saved_at)}${saved.saved_by ? `, by ${saved.saved_by}` : ''}.`}
      />
      <Stack gap="lg">
        {newest !== version && <TakeUp earlier={earlier.data} />}
        <Preview kind={kind} layout={layout} pupil={pupil} onPupil={setPupil} />
      </Stack>
    </>
  );
}

function TakeUp({ earlier }: { earlier: Template }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { id, saved, newest } = earlier;
  const taking = useMutation({
    mutationFn: () => takeUpVersion(id, saved.version, newest),
    onSuccess: async (now) => {
      await keepTemplate(queryClient, now);
      notifications.show({
        color: 'leaf',
        title: 'In use again',
        message: `What version ${saved.version} says is in use again, as version ${now.saved.version}.`,
      });
      await navigate({ to: '/report-templates/$templateId', params: { templateId: id } });
    },
    // Whatever stood in the way, what is the newest is looked at again.
    onError: () => queryClient.invalidateQueries({ queryKey: ['templates'] }),
  });
  return (
    <Alert
      color="amber"
      icon={<History aria-hidden />}
      title={`This is an earlier version; version ${newest} is in use`}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          It cannot be changed. Used again, it becomes version {newest + 1}, and every version stays
          in the list.
        </Text>
        {taking.error && <ProblemAlert problem={taking.error} />}
        <Button size="xs" loading={taking.isPending} onClick={() => taking.mutate()}>
          Use this version again
        </Button>
      </Stack>
    </Alert>
  );
}
