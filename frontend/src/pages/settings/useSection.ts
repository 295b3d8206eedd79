/**
 * A section's form: begun with what was there, saved with that version, and never over somebody
 * else's change (R29).
 */
import {
  type FormErrors,
  type FormRulesRecord,
  type UseFormReturnType,
  useForm,
} from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useState } from 'react';
import { ProblemError } from '~/api/problem';
import { keepSection, type SchoolSettings, settingsQuery } from '~/api/settings';
import { useMutation } from '~/app/mutation';
import { typedSince } from '~/app/typed-since';
import { fieldOf } from './entries';
import type { SettingsSection } from './sections';

interface Versioned {
  version: number;
}

interface SectionOptions<Saved extends Versioned, Values extends object> {
  part: SettingsSection['part'];
  saved: Saved;
  valuesOf: (saved: Saved) => Values;
  validate?: FormRulesRecord<Values>;
  send: (values: Values, expectedVersion: number) => Promise<Saved>;
  onSaved?: (saved: Saved) => void;
  onUnsaved: (unsaved: boolean) => void;
}

export interface SectionState<Values extends object> {
  form: UseFormReturnType<Values>;
  unsaved: boolean;
  busy: boolean;
  problem: Error | null;
  send: (values: Values) => void;
  /** Leads to the first field in which something is wrong. */
  showFirst: (errors: FormErrors) => void;
  /** Back to what is saved. */
  undo: () => void;
  /** Asks what is there now, and begins again with it. */
  startAgain: () => Promise<void>;
}

export function useSection<Saved extends Versioned, Values extends object>(
  options: SectionOptions<Saved, Values>,
): SectionState<Values> {
  const { part, saved, valuesOf, validate, onUnsaved } = options;
  const queryClient = useQueryClient();
  /** What the form began with: a page that asks again overwrites nothing that is typed. */
  const [seen, setSeen] = useState(saved);
  const form = useForm<Values>({ initialValues: valuesOf(saved), validate });
  const begin = (from: Saved, sent?: Values) => {
    const values = valuesOf(from);
    const shown = sent ? typedSince(sent, form.getValues(), values) : values;
    setSeen(from);
    form.setInitialValues(values);
    form.setValues(shown);
    form.resetDirty(values);
    form.clearErrors();
  };
  const showFirst = (errors: FormErrors) => {
    const [first] = Object.keys(errors);
    if (first) form.getInputNode(first)?.focus();
  };
  const save = useMutation({
    mutationFn: (values: Values) => options.send(values, seen.version),
    onSuccess: (now, sent) => {
      begin(now, sent);
      keepSection(queryClient, { [part]: now } as Partial<SchoolSettings>);
      options.onSaved?.(now);
      notifications.show({ color: 'leaf', title: 'Saved', message: 'The settings were saved.' });
    },
    onError: (problem) => {
      if (!(problem instanceof ProblemError) || problem.slug === 'changed-meanwhile') return;
      const errors: Record<string, string> = {};
      for (const { pointer, detail } of problem.fields) {
        const field = fieldOf(pointer);
        if ((field.split('.')[0] ?? '') in form.values) errors[field] ??= detail;
      }
      form.setErrors(errors);
      showFirst(errors);
    },
  });
  const unsaved = form.isDirty();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is newer begins again
  useEffect(() => {
    if (!unsaved && !save.isPending && saved.version > seen.version) begin(saved);
  }, [saved.version]);
  // Before anybody hears that the saving has ended.
  useLayoutEffect(() => onUnsaved(unsaved), [unsaved, onUnsaved]);
  return {
    form,
    unsaved,
    busy: save.isPending,
    problem: save.error,
    send: (values) => save.mutate(values),
    showFirst,
    undo: () => {
      save.reset();
      begin(seen);
    },
    startAgain: async () => {
      const all = await queryClient.fetchQuery({ ...settingsQuery, staleTime: 0 });
      const now = all[part] as unknown as Saved | null;
      save.reset();
      if (now) begin(now);
    },
  };
}
