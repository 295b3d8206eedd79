/** The page's state: what is chosen, and what is selected for a choice in bulk. */
import { useCallback, useMemo, useState } from 'react';
import type { Difference } from '~/api/mis';
import { type Choice, type Choices, choose, decisionsOf, followSuggestions } from './choices';

export function useChoices(differences: readonly Difference[]) {
  const [choices, setChoices] = useState<Choices>(new Map());
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());

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

  const decide = useCallback((ids: readonly string[], choice: Choice | undefined) => {
    setChoices((before) => choose(before, ids, choice));
  }, []);

  const follow = useCallback((some: readonly Difference[]) => {
    setChoices((before) => followSuggestions(before, some));
  }, []);

  const clear = useCallback(() => {
    setChoices(new Map());
    setSelected(new Set());
  }, []);

  const decisions = useMemo(() => decisionsOf(choices, differences), [choices, differences]);
  return { choices, selected, decisions, select, decide, follow, clear };
}

export type ChoiceState = ReturnType<typeof useChoices>;
