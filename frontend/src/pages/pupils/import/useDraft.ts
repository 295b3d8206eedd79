/**
 * What was chosen for a file and not looked through yet. It is kept in the browser's tab, so that
 * going back and loading the page again lose nothing.
 */
import { useSessionStorage } from '@mantine/hooks';
import type { How, PupilImport } from '~/api/pupil-imports';
import type { Field } from './words';

interface Chosen {
  columns: { column: number; field: Field | null }[];
  how: How;
}

export function useDraft(made: PupilImport) {
  const [chosen, setChosen] = useSessionStorage<Chosen>({
    key: `pupil-import ${made.id} ${made.version}`,
    defaultValue: {
      columns: made.columns.map(({ column, field }) => ({ column, field })),
      how: made.how,
    },
    getInitialValueInEffect: false,
  });
  return {
    columns: {
      chosen: chosen.columns,
      choose: (column: number, field: Field | null) =>
        setChosen((before) => ({
          ...before,
          columns: before.columns.map((one) => (one.column === column ? { column, field } : one)),
        })),
    },
    how: chosen.how,
    setHow: (changed: Partial<How>) =>
      setChosen((before) => ({ ...before, how: { ...before.how, ...changed } })),
  };
}

export type Draft = ReturnType<typeof useDraft>;
