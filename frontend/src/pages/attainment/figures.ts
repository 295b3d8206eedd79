/** Figures as the table and the chart show them: of attainment and of progress in one shape. */
import type { Attained, AttainmentFigures, Moved, ProgressFigures, Share } from '~/api/attainment';
import { termName } from './choices';

/** Below the expectation or down; at it or the same; above it or up. */
export type Tone = 'below' | 'met' | 'same' | 'up';

export interface Part {
  name: string;
  tone: Tone;
}

export interface FigureRow {
  key: string;
  subject: string;
  group: string;
  /** `null` where the comparison is hidden. */
  shown: { pupils: number; parts: Share[]; others: Share[] } | null;
}

export interface FigureTable {
  title: string;
  /** Those that add up to all pupils with a mark, and are drawn. */
  parts: Part[];
  others: string[];
  rows: FigureRow[];
  /** Whether pupils are compared, so that each row is of a group. */
  compared: boolean;
  /** What the pupils of `parts` have in common, for the sentence that explains per cents. */
  base: string;
}

export interface Wanted {
  subject?: string;
  by?: string;
}

interface Row<F> {
  subject_id: string;
  subject: string;
  total: F;
  compared: Record<string, [F, F] | null>;
}

interface Side {
  name: string;
  label: string;
  sides: [string, string];
}

function rowsOf<F>(
  rows: readonly Row<F>[],
  comparison: Side | undefined,
  wanted: Wanted,
  shown: (figures: F) => FigureRow['shown'],
): FigureRow[] {
  return rows
    .filter(({ subject_id }) => !wanted.subject || subject_id === wanted.subject)
    .flatMap(({ subject_id, subject, total, compared }) => {
      const all = { key: subject_id, subject, group: 'All pupils', shown: shown(total) };
      if (!comparison) return [all];
      const sides = compared[comparison.name];
      const each = comparison.sides.map((group, place) => {
        const side = sides?.[place];
        return {
          key: `${subject_id}-${group}`,
          subject,
          group,
          shown: side ? shown(side) : null,
        };
      });
      return [all, ...each];
    });
}

export function attainmentFigures(data: AttainmentFigures, wanted: Wanted): FigureTable {
  const comparison = data.comparisons.find(({ name }) => name === wanted.by);
  return {
    title: titleOf('Attainment', data.of, termName(data.term), comparison),
    parts: data.bands.map(({ name, at_or_above }) => ({
      name,
      tone: at_or_above ? 'met' : 'below',
    })),
    others: ['At or above the expectation', 'Not recorded'],
    rows: rowsOf(data.subjects, comparison, wanted, (one: Attained) => ({
      pupils: one.pupils,
      parts: one.bands,
      others: [one.at_or_above, one.not_recorded],
    })),
    compared: comparison !== undefined,
    base: 'with a mark',
  };
}

export function progressFigures(data: ProgressFigures, wanted: Wanted): FigureTable {
  const comparison = data.comparisons.find(({ name }) => name === wanted.by);
  const between = `${termName(data.earlier)} to ${termName(data.later)}`;
  return {
    title: titleOf('Progress', data.of, between, comparison),
    parts: [
      { name: 'Moved up', tone: 'up' },
      { name: 'Same', tone: 'same' },
      { name: 'Moved down', tone: 'below' },
    ],
    others: ['Without a mark in both'],
    rows: rowsOf(data.subjects, comparison, wanted, (one: Moved) => ({
      pupils: one.pupils,
      parts: [one.up, one.same, one.down],
      others: [one.not_compared],
    })),
    compared: comparison !== undefined,
    base: 'with a mark in both terms',
  };
}

function titleOf(what: string, of: string, when: string, comparison?: Side): string {
  const by = comparison ? `, by ${lowered(comparison.label)}` : '';
  return `${what}: ${of}, ${when}${by}`;
}

/** In the middle of a sentence; a name that begins with one, such as English, stays. */
function lowered(label: string): string {
  return label.startsWith('English') ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

/** Whether any pupil of the table has what its parts tell of. */
export function hasMarks({ rows }: FigureTable): boolean {
  return rows.some(({ shown }) => shown?.parts.some(({ pupils }) => pupils > 0));
}

export function someHidden({ rows }: FigureTable): boolean {
  return rows.some(({ shown }) => shown === null);
}

/** `12 (40%)`; `0` of nobody. */
export function shareText({ pupils, per_cent }: Share): string {
  return per_cent === null ? String(pupils) : `${pupils} (${per_cent}%)`;
}
