/** The page's state: what is chosen, and what is selected for a choice in bulk. */
import { useCallback, useMemo, useState } from 'react';
import type { Difference } from '~/api/mapping';
import {
  type Choice,
  type Choices,
  choose,
  decisionsOf,
  followSuggestions,
  without,
} from './choices';

const NONE: ReadonlySet<string> = new Set();

export function useChoices(differences: readonly Difference[]) {
  const [choices, setChoices] = useState<Choices>(new Map());
  const [selected, setSelected] = useState(NONE);

  const select = useCallback((ids: readonly string[], on: boolean) => {
    setSelected((before) => {
      const after = new Set(before);
      for (const id of ids) {
        if (on) after.add(id);
        else after.delete(id);
      }
      return after;
    });
  }, []);

  const decide = useCallback((some: readonly Difference[], choice: Choice | undefined) => {
    setChoices((before) => choose(before, some, choice));
  }, []);

  const follow = useCallback((some: readonly Difference[]) => {
    setChoices((before) => followSuggestions(before, some));
  }, []);

  const forget = useCallback(
    (ids: readonly string[]) => {
      setChoices((before) => without(before, ids));
      select(ids, false);
    },
    [select],
  );

  const clear = useCallback(() => {
    setChoices(new Map());
    setSelected(NONE);
  }, []);

  const decisions = useMemo(() => decisionsOf(choices, differences), [choices, differences]);
  return { choices, selected, decisions, select, decide, follow, forget, clear };
}

export type ChoiceState = ReturnType<typeof useChoices>;
