/** The editor's form: begun with a version, saved as the next, and never over somebody else's. */
import { type UseFormReturnType, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { type FieldProblem, ProblemError } from '~/api/problem';
import { keepTemplate, saveOneTemplate, type Template, templateQuery } from '~/api/templates';
import { useMutation } from '~/app/mutation';
import { typedSince } from '~/app/typed-since';
import { fieldOf, layoutOf, type TemplateValues, valuesOf } from './layout-form';

export type TemplateForm = UseFormReturnType<TemplateValues>;

export interface TemplateState {
  form: TemplateForm;
  /** The version that the form began with. */
  begunWith: Template;
  unsaved: boolean;
  busy: boolean;
  problem: Error | null;
  save: () => void;
  undo: () => void;
  /** Begins again with what somebody else saved. */
  takeTheirs: () => Promise<void>;
  /** Saves what is here as the newest; theirs stays among the versions. */
  saveOverTheirs: () => void;
  /** Puts what the server refused at its fields, and leads to the first. */
  show: (problem: ProblemError) => void;
}

/** How the editor tells what is wrong at a field. */
export type ErrorAt = (problem: FieldProblem, path: string, form: TemplateForm) => ReactNode;

export function useTemplateForm(template: Template, errorAt: ErrorAt): TemplateState {
  const queryClient = useQueryClient();
  const [begunWith, setBegunWith] = useState(template);
  const form = useForm<TemplateValues>({
    initialValues: valuesOf(template),
    validate: { name: (name) => (name.trim() ? null : 'Enter a name') },
  });
  const begin = (from: Template, sent?: TemplateValues) => {
    const values = valuesOf(from);
    const shown = sent ? typedSince(sent, form.getValues(), values) : values;
    setBegunWith(from);
    form.setInitialValues(values);
    form.setValues(shown);
    form.resetDirty(values);
    form.clearErrors();
  };
  const show = (problem: ProblemError) => {
    const errors: Record<string, ReactNode> = {};
    for (const one of problem.fields) {
      const path = fieldOf(one.pointer);
      errors[path] ??= errorAt(one, path, form);
    }
    form.setErrors(errors);
    const [first] = Object.keys(errors);
    if (first) setTimeout(() => focusOn(first));
  };
  const saving = useMutation({
    mutationFn: ({ expected, values }: { expected: number; values: TemplateValues }) =>
      saveOneTemplate(begunWith.id, {
        expected_version: expected,
        name: values.name.trim(),
        layout: layoutOf(values),
      }),
    onSuccess: (now, { values }) => {
      begin(now, values);
      notifications.show({
        color: 'leaf',
        title: 'Saved',
        message: `${now.saved.name} was saved as version ${now.saved.version}.`,
      });
      return keepTemplate(queryClient, now);
    },
    onError: (problem) => {
      if (problem instanceof ProblemError && problem.slug !== 'changed-meanwhile') show(problem);
    },
  });
  const unsaved = form.isDirty();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is newer begins again
  useEffect(() => {
    const isNewer = template.saved.version > begunWith.saved.version;
    if (isNewer && !unsaved && !saving.isPending) begin(template);
  }, [template.saved.version]);
  const save = (expected: number) => {
    if (form.validate().hasErrors) focusOn('name');
    else saving.mutate({ expected, values: form.getValues() });
  };
  return {
    form,
    begunWith,
    unsaved,
    busy: saving.isPending,
    problem: saving.error,
    save: () => save(begunWith.saved.version),
    undo: () => {
      saving.reset();
      begin(begunWith);
    },
    takeTheirs: async () => {
      const now = await queryClient.fetchQuery({ ...templateQuery(begunWith.id), staleTime: 0 });
      saving.reset();
      begin(now);
    },
    saveOverTheirs: () => {
      const theirs = saving.error instanceof ProblemError && saving.error.current?.version;
      if (typeof theirs === 'number') save(theirs);
    },
    show,
  };
}

function focusOn(path: string): void {
  const field = [...document.querySelectorAll<HTMLElement>('[data-path]')].find(
    (one) => one.dataset.path === path,
  );
  field?.focus();
}
