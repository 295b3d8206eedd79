/** School settings: one page, each section kept by the service whose rules it changes (R29). */
import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { type SchoolSettings, settingsQuery } from '~/api/settings';
import { Loading } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { SECTIONS, type SettingsSection } from './sections';

export function SettingsPage() {
  const { data, error, refetch } = useQuery({
    ...settingsQuery,
    refetchInterval: ({ state }) => (state.data?.unavailable.length ? WHILE_AWAY_MS : false),
  });
  const shown = data !== undefined;
  useEffect(() => {
    if (shown) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [shown]);
  const [unsaved, setUnsaved] = useState<readonly string[]>([]);
  const note = useCallback((id: string, is: boolean) => {
    setUnsaved((before) => {
      if (before.includes(id) === is) return before;
      return is ? [...before, id] : before.filter((other) => other !== id);
    });
  }, []);
  if (error && !data) return <ProblemPage error={error} reset={() => refetch()} />;
  return (
    <>
      <PageHeader
        title="School settings"
        description="How Classroom Monitor works for your school. Each part is saved by itself, counts at once for everybody, and stands in the activity log."
      />
      <UnsavedChanges unsaved={unsaved.length > 0} />
      {data ? (
        <Stack gap="lg">
          {SECTIONS.map((section) => (
            <OneSection key={section.id} section={section} settings={data} note={note} />
          ))}
        </Stack>
      ) : (
        <Loading />
      )}
    </>
  );
}

const WHILE_AWAY_MS = 10_000;

interface OneSectionProps {
  section: SettingsSection;
  settings: SchoolSettings;
  note: (id: string, unsaved: boolean) => void;
}

function OneSection({ section, settings, note }: OneSectionProps) {
  const { id, title, part, Section } = section;
  const onUnsaved = useCallback((unsaved: boolean) => note(id, unsaved), [id, note]);
  return (
    <Paper component="section" id={id} aria-label={title} p="md">
      <Title order={2} mb="xs">
        {title}
      </Title>
      {settings[part] ? <Section settings={settings} onUnsaved={onUnsaved} /> : <Away />}
    </Paper>
  );
}

function Away() {
  return (
    <Alert
      color="amber"
      icon={<CloudOff aria-hidden />}
      role="status"
      title="These settings can’t be shown just now"
    >
      <Text size="sm">
        That part of Classroom Monitor is not answering. The settings are safe, and come back by
        themselves.
      </Text>
    </Alert>
  );
}
