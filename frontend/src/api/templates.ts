/** Templates of reports, in versions, and previews of them (R25). */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  addTemplate,
  copyTemplate,
  listTemplates,
  listTemplateVersions,
  type NewTemplate,
  type PreviewWanted,
  previewTemplate,
  previewTemplatePages,
  readTemplate,
  readTemplateVersion,
  saveTemplate,
  setTemplateActive,
  type Template,
  type TemplateSave,
  takeUpTemplateVersion,
} from '~/client';

export type {
  PreviewWanted,
  Template,
  TemplateLayout,
  TemplateList,
  TemplatePlaceholder,
  TemplateRow,
  TemplateSubject,
  TemplateVersion,
} from '~/client';

import { saveFile } from './file';

export type TemplateKind = Template['kind'];
export type TemplateSection = Template['layout']['sections'][number];

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'list'],
  queryFn: async ({ signal }) => (await listTemplates({ signal, throwOnError: true })).data,
});

/** As it is in use, or as it was at an earlier version. */
export const templateQuery = (templateId: string, version?: number) =>
  queryOptions({
    queryKey: ['templates', 'one', templateId, version ?? 'newest'],
    queryFn: async ({ signal }) => {
      if (version === undefined) {
        const path = { template_id: templateId };
        return (await readTemplate({ path, signal, throwOnError: true })).data;
      }
      const path = { template_id: templateId, version };
      return (await readTemplateVersion({ path, signal, throwOnError: true })).data;
    },
  });

export const templateVersionsQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['templates', 'versions', templateId],
    queryFn: async ({ signal }) => {
      const path = { template_id: templateId };
      return (await listTemplateVersions({ path, signal, throwOnError: true })).data.versions;
    },
  });

/** Pictures of the pages of what is in the editor. The same template is not asked for twice. */
export const previewQuery = (wanted: PreviewWanted) =>
  queryOptions({
    queryKey: ['template-preview', wanted],
    queryFn: async ({ signal }) =>
      (await previewTemplatePages({ body: wanted, signal, throwOnError: true })).data.pages,
    staleTime: 5 * 60_000,
    gcTime: 60_000,
    retry: false,
  });

export async function savePreview(wanted: PreviewWanted): Promise<void> {
  const made = (await previewTemplate({ body: wanted, parseAs: 'blob', throwOnError: true })).data;
  saveFile(made, 'preview.pdf');
}

export async function addOneTemplate(body: NewTemplate): Promise<Template> {
  return (await addTemplate({ body, throwOnError: true })).data;
}

export async function copyOneTemplate(templateId: string): Promise<Template> {
  const path = { template_id: templateId };
  return (await copyTemplate({ path, body: {}, throwOnError: true })).data;
}

export async function saveOneTemplate(templateId: string, body: TemplateSave): Promise<Template> {
  return (await saveTemplate({ path: { template_id: templateId }, body, throwOnError: true })).data;
}

export async function takeUpVersion(
  templateId: string,
  version: number,
  expected_version: number,
): Promise<Template> {
  const path = { template_id: templateId, version };
  return (await takeUpTemplateVersion({ path, body: { expected_version }, throwOnError: true }))
    .data;
}

export async function setActive(templateId: string, active: boolean): Promise<void> {
  await setTemplateActive({
    path: { template_id: templateId },
    body: { active },
    throwOnError: true,
  });
}

/** What was saved is what is there now; lists of it are asked for again. */
export function keepTemplate(queryClient: QueryClient, template: Template): Promise<void> {
  queryClient.setQueryData(templateQuery(template.id).queryKey, template);
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === 'templates' && queryKey[1] !== 'one',
  });
}
