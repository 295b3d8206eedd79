/** Choosing which reports are to be made, for whom, and as what. */
import { Alert, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileQuestion } from 'lucide-react';
import { useState } from 'react';
import {
  type ReportChoices,
  type ReportsLookWanted,
  type ReportTerm,
  reportChoicesQuery,
  reportsLookQuery,
} from '~/api/generated-reports';
import { Loading, ProblemAlert } from '~/components/messages';
import { counted, yearGroupName } from '~/school/words';
import { MakeReports } from './MakeReports';
import { KINDS, scopeOf } from './words';

export function NewReports() {
  const { data, error, refetch } = useQuery(reportChoicesQuery);
  return (
    <Paper component="section" aria-label="New reports" p="lg">
      <Title order={2} mb="md">
        New reports
      </Title>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && <Choosing choices={data} />}
    </Paper>
  );
}

function Choosing({ choices }: { choices: ReportChoices }) {
  const { templates, terms } = choices;
  const [template, setTemplate] = useState(templates.length === 1 ? templates[0]?.id : undefined);
  const [term, setTerm] = useState(terms.find(({ current }) => current)?.id ?? terms[0]?.id);
  const [whose, setWhose] = useState<string>();
  const wanted: ReportsLookWanted | undefined =
    template && term && whose
      ? { template_id: template, term_id: term, scope: scopeOf(whose) }
      : undefined;
  if (templates.length === 0) {
    return (
      <Missing title="There is no template yet">
        Ask the admin account to make one active in Report Templates.
      </Missing>
    );
  }
  if (choices.groups.length === 0 && choices.year_groups.length === 0) {
    return (
      <Missing title="You are not linked to a class yet">
        Reports are made for the classes and sets that you teach. The admin account can link you to
        them.
      </Missing>
    );
  }
  return (
    <Stack gap="md">
      <Group align="flex-start" gap="md" grow preventGrowOverflow={false}>
        <Select
          label="Template"
          placeholder="Choose a template"
          data={templates.map(({ id, kind, name }) => ({ value: id, label: named(kind, name) }))}
          value={template ?? null}
          onChange={(chosen) => setTemplate(chosen ?? undefined)}
          allowDeselect={false}
          miw="15rem"
        />
        <Select
          label="Term"
          data={terms.map((one) => ({ value: one.id, label: termName(one) }))}
          value={term ?? null}
          onChange={(chosen) => setTerm(chosen ?? undefined)}
          allowDeselect={false}
          miw="12rem"
        />
        <Select
          label="Whose reports"
          placeholder="Choose a class"
          data={scopes(choices)}
          value={whose ?? null}
          onChange={(chosen) => setWhose(chosen ?? undefined)}
          searchable
          nothingFoundMessage="Nothing of that name"
          allowDeselect={false}
          miw="15rem"
        />
      </Group>
      {wanted && <Looked key={JSON.stringify(wanted)} wanted={wanted} />}
    </Stack>
  );
}

function Looked({ wanted }: { wanted: ReportsLookWanted }) {
  const { data, error, refetch } = useQuery(reportsLookQuery(wanted));
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!data) return <Loading what="Looking at what is recorded" />;
  return <MakeReports wanted={wanted} look={data} />;
}

function Missing({ title, children }: { title: string; children: string }) {
  return (
    <Alert color="amber" icon={<FileQuestion aria-hidden />} title={title} role="note">
      <Text size="sm">{children}</Text>
    </Alert>
  );
}

function named(kind: keyof typeof KINDS, name: string): string {
  return name.toLowerCase().includes(KINDS[kind].toLowerCase()) ? name : `${name} (${KINDS[kind]})`;
}

function termName({ name, academic_year: year }: ReportTerm): string {
  return `${name} ${year}`;
}

function scopes({ groups, year_groups: years }: ReportChoices) {
  const ofKind = (kind: 'class' | 'set') =>
    groups
      .filter((group) => group.kind === kind)
      .map(({ id, name, pupils }) => ({
        value: `group:${id}`,
        label: `${name} (${counted(pupils, 'pupil')})`,
      }));
  const all = [
    { group: 'Classes', items: ofKind('class') },
    { group: 'Sets', items: ofKind('set') },
    {
      group: 'Year groups',
      items: years.map(({ year_group: year, pupils }) => ({
        value: `year:${year}`,
        label: `${yearGroupName(year)} (${counted(pupils, 'pupil')})`,
      })),
    },
  ];
  return all.filter(({ items }) => items.length > 0);
}
