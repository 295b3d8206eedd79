/** One template: what it says, how it looks, and its versions (R25). */
import { Badge, Button, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { ProblemError } from '~/api/problem';
import {
  copyOneTemplate,
  setActive,
  type Template,
  type TemplateList,
  templateQuery,
  templatesQuery,
} from '~/api/templates';
import { useMutation } from '~/app/mutation';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import type { ChosenPupil } from '~/components/PupilPicker';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { Editor } from './Editor';
import { KIND_NAMES, layoutOf } from './layout-form';
import { UnknownPlaceholder } from './PlaceholderField';
import { Preview } from './Preview';
import { type ErrorAt, useTemplateForm } from './useTemplateForm';
import { Versions } from './Versions';

export function TemplatePage({ templateId }: { templateId: string }) {
  const template = useQuery(templateQuery(templateId));
  const offered = useQuery(templatesQuery);
  const error = template.error ?? offered.error;
  if (error && !(template.data && offered.data)) {
    const reset = () => Promise.all([template.refetch(), offered.refetch()]);
    return <ProblemPage error={error} reset={reset} />;
  }
  if (!template.data || !offered.data) return <Loading />;
  return <OneTemplate template={template.data} offered={offered.data} />;
}

type Tab = 'says' | 'preview' | 'versions';

interface OneTemplateProps {
  template: Template;
  offered: TemplateList;
}

function OneTemplate({ template, offered }: OneTemplateProps) {
  const [tab, setTab] = useState<Tab>('says');
  const [pupil, setPupil] = useState<ChosenPupil | null>(null);
  const state = useTemplateForm(template, errorAt);
  const { form, begunWith, unsaved } = state;
  const goToErrors = (problem: ProblemError) => {
    setTab('says');
    state.show(problem);
  };
  return (
    <>
      <PageHeader
        title={begunWith.saved.name}
        area={<TextLink to="/report-templates">Report Templates</TextLink>}
        description={`${KIND_NAMES[template.kind]}, version ${begunWith.saved.version}`}
        actions={<Actions template={template} unsaved={unsaved} />}
      />
      <UnsavedChanges unsaved={unsaved} />
      <Tabs value={tab} onChange={(chosen) => setTab(chosen as Tab)} keepMounted>
        <Tabs.List mb="md">
          <Tabs.Tab value="says">What it says</Tabs.Tab>
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="says">
          <Editor state={state} offered={offered} />
        </Tabs.Panel>
        <Tabs.Panel value="preview">
          {tab === 'preview' && (
            <Preview
              kind={template.kind}
              layout={layoutOf(form.values)}
              pupil={pupil}
              onPupil={setPupil}
              onRefused={goToErrors}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          {tab === 'versions' && <Versions templateId={template.id} newest={template.newest} />}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** A placeholder that is none is told with the one that was meant, to be put in by a press. */
const errorAt: ErrorAt = ({ detail, at, found, nearest }, path, form) => {
  if (at === undefined || found === undefined) return detail;
  const mend = () => {
    const text = String(textAt(form.getValues(), path));
    const where = text.startsWith(found, at) ? at : text.indexOf(found);
    if (where < 0) return;
    const mended = `${text.slice(0, where)}{${nearest}}${text.slice(where + found.length)}`;
    form.setFieldValue(path, mended);
    form.clearFieldError(path);
  };
  return <UnknownPlaceholder detail={detail} nearest={nearest ?? null} onUse={mend} />;
};

function textAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inside, step) => (inside as Record<string, unknown>)?.[step], values);
}

function Actions({ template, unsaved }: { template: Template; unsaved: boolean }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const active = useMutation({
    mutationFn: () => setActive(template.id, !template.active),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['templates'] }),
  });
  const copy = useMutation({
    mutationFn: () => copyOneTemplate(template.id),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
      await navigate({
        to: '/report-templates/$templateId',
        params: { templateId: made.id },
      });
    },
  });
  const problem = active.error ?? copy.error;
  return (
    <>
      {problem && <ProblemAlert problem={problem} />}
      {!template.active && <Badge color="slate">Inactive</Badge>}
      <Button
        variant="default"
        leftSection={<Copy size={17} aria-hidden />}
        disabled={unsaved}
        title={unsaved ? 'Save or undo your changes first' : undefined}
        loading={copy.isPending}
        onClick={() => copy.mutate()}
      >
        Copy
      </Button>
      <Button variant="default" loading={active.isPending} onClick={() => active.mutate()}>
        {template.active ? 'Make inactive' : 'Make active'}
      </Button>
    </>
  );
}
