/** Forms whose answer comes late: what is typed after they were sent is not lost when it comes. */
import type { UseFormReturnType } from '@mantine/form';
import { useLayoutEffect, useRef } from 'react';

/** What the server has now, and over it what was typed since it was sent. */
export function typedSince<Values extends object>(
  sent: Values,
  typed: Values,
  saved: Values,
): Values {
  const [before, now] = [sent as Record<string, unknown>, saved as Record<string, unknown>];
  const since = Object.entries(typed)
    .filter(([name, value]) => !isSame(value, before[name]))
    .map(([name, value]) => [name, withIds(value, before[name], now[name])]);
  return { ...saved, ...Object.fromEntries(since) };
}

/**
 * For a form of texts whose `initial` changes when it was saved: it stays the same form, with what
 * was typed since and the focus where it was. Call what comes back with what is sent.
 */
export function useTypedSince<Values extends { [Name in keyof Values]: string }>(
  form: Pick<UseFormReturnType<Values>, 'getValues' | 'setValues' | 'clearErrors'> &
    Pick<UseFormReturnType<Values>, 'setInitialValues' | 'resetDirty'>,
  initial: Values,
): (sent: Values) => void {
  const shown = useRef(JSON.stringify(initial));
  const sent = useRef(initial);
  useLayoutEffect(() => {
    if (shown.current === JSON.stringify(initial)) return;
    shown.current = JSON.stringify(initial);
    const values = typedSince(sent.current, form.getValues(), initial);
    form.setInitialValues(initial);
    form.setValues(values);
    form.resetDirty(initial);
    form.clearErrors();
  });
  return (values) => {
    sent.current = values;
  };
}

interface Entry {
  key: string;
  id: string | null;
  name: string;
}

/** Entries of a list that were new when it was sent, and have an id of the server's now. */
function withIds(typed: unknown, sent: unknown, saved: unknown): unknown {
  if (![typed, sent, saved].every(isEntries)) return typed;
  return (typed as Entry[]).map((entry) => {
    if (entry.id !== null) return entry;
    const name = (sent as Entry[]).find(({ key }) => key === entry.key)?.name.trim();
    const id = (saved as Entry[]).find((one) => one.name === name)?.id ?? null;
    return { ...entry, id };
  });
}

function isEntries(value: unknown): value is Entry[] {
  return Array.isArray(value) && value.every((one) => Object(one).key && 'id' in Object(one));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
