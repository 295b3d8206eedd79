/** A sheet that lives as long as its page, and what is shown of it. */
import { MutationObserver, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { keepFor, keptFor } from './kept';
import { type Entry, type Known, Sheet, type SheetOptions } from './sheet';

interface Wanted extends Pick<SheetOptions, 'save' | 'theirs' | 'wrong'> {
  account: string;
  /** Names what is worked on; another one is another sheet (give the component a key). */
  place: string;
  /** What the server has, by record. */
  records: readonly (readonly [id: string, known: Known])[] | undefined;
}

export function useSheet({ account, place, records, save, theirs, wrong }: Wanted): Sheet {
  const queryClient = useQueryClient();
  const [sheet] = useState(
    () =>
      new Sheet({
        // Through the cache of mutations, which notices that the session has ended.
        save: (...said) =>
          new MutationObserver(queryClient, {
            mutationFn: () => save(...said),
            networkMode: 'always',
            meta: { keptByItself: true },
          }).mutate(),
        theirs,
        wrong,
        keep: (unsaved) => keepFor(account, place, unsaved),
        kept: keptFor(account, place),
      }),
  );
  useEffect(() => {
    for (const [id, known] of records ?? []) sheet.meet(id, known);
  }, [sheet, records]);
  useEffect(() => {
    const again = () => void sheet.flush();
    window.addEventListener('online', again);
    return () => {
      window.removeEventListener('online', again);
      sheet.stop();
    };
  }, [sheet]);
  return sheet;
}

export function useEntry(sheet: Sheet, id: string): Entry | undefined {
  return useSyncExternalStore(
    sheet.subscribe,
    useCallback(() => sheet.entry(id), [sheet, id]),
  );
}

export interface Unsaved {
  saving: number;
  failed: number;
  disputed: number;
  /** Why what may pass has not passed yet. */
  why: string;
}

/** How many records are not saved, as one text, so that it changes only where it says another. */
export function useUnsaved(sheet: Sheet): Unsaved {
  const text = useSyncExternalStore(
    sheet.subscribe,
    useCallback(() => {
      const states = sheet.unsaved().map(([, { state }]) => state);
      const count = (...wanted: string[]) =>
        states.filter((state) => wanted.includes(state)).length;
      const why = sheet.unsaved().find(([, { state }]) => state === 'failed')?.[1].problem?.detail;
      const counts = [count('waiting', 'saving'), count('failed', 'refused'), count('conflict')];
      return [...counts, why ?? ''].join(' ');
    }, [sheet]),
  );
  const [saving, failed, disputed, ...why] = text.split(' ');
  return {
    saving: Number(saving),
    failed: Number(failed),
    disputed: Number(disputed),
    why: why.join(' '),
  };
}

/** One value of many records (their ids, divided by spaces), as it stands. */
export function useValues(sheet: Sheet, ids: string, name: string): string[] {
  const values = useSyncExternalStore(
    sheet.subscribe,
    useCallback(
      () =>
        ids
          .split(' ')
          .map((id) => sheet.value(id, name) ?? '')
          .join(' '),
      [sheet, ids, name],
    ),
  );
  return values.split(' ');
}
