/** Which rows of a list are chosen, over its pages and searches; `key` is what it begins anew with. */
import { useCallback, useState } from 'react';

const NONE: ReadonlySet<string> = new Set();

export function useSelection(key: string) {
  const [chosen, setChosen] = useState({ key, ids: NONE });
  const selected = chosen.key === key ? chosen.ids : NONE;

  const select = useCallback(
    (ids: readonly string[], on: boolean) =>
      setChosen((before) => {
        const after = new Set(before.key === key ? before.ids : NONE);
        for (const id of ids) {
          if (on) after.add(id);
          else after.delete(id);
        }
        return { key, ids: after };
      }),
    [key],
  );

  const clear = useCallback(() => setChosen({ key, ids: NONE }), [key]);
  return { selected, select, clear };
}

export type SelectionState = ReturnType<typeof useSelection>;
