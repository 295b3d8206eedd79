/** How reports, and what becomes of them, are spoken of. */
import type { GeneratedReports, ReportPupil, ReportScope } from '~/api/generated-reports';
import { counted, formatDate } from '~/school/words';

export const KINDS: Record<GeneratedReports['kind'], string> = {
  assessment_summary: 'Assessment summary',
  written_report: 'Written report',
};

export const STATES: Record<GeneratedReports['state'], { label: string; color: string }> = {
  waiting: { label: 'Waiting', color: 'gray' },
  running: { label: 'Being made', color: 'blue' },
  done: { label: 'Ready', color: 'leaf' },
  failed: { label: 'Not made', color: 'brick' },
  cancelled: { label: 'Cancelled', color: 'gray' },
  stalled: { label: 'Stopped', color: 'amber' },
  gone: { label: 'File deleted', color: 'gray' },
};

type Missing = ReportPupil['missing'][number];

const MISSING: Record<Missing, string> = {
  marks: 'No attainment',
  subject_comments: 'No subject comments',
  class_teacher_comment: 'No class teacher’s comment',
  head_teacher_comment: 'No head teacher’s comment',
};

const MOST_NAMED = 8;
const MOST_LETTERS = 20;

export interface MissingLine {
  what: string;
  pupils: number;
  /** `Adams, Zoë; Baker, Bo and 12 more`. */
  who: string;
}

/** What is missing in whose reports, a line for each thing. */
export function missingLines(pupils: readonly ReportPupil[]): MissingLine[] {
  return (Object.keys(MISSING) as Missing[]).flatMap((one) => {
    const names = pupils.filter((pupil) => pupil.missing.includes(one)).map(({ name }) => name);
    if (names.length === 0) return [];
    return [{ what: MISSING[one], pupils: names.length, who: named(names, pupils.length) }];
  });
}

/** Letters for which a box is printed, and in whose reports; nothing where there are none. */
export function lettersNotPrinted(
  pupils: readonly ReportPupil[],
): { letters: string; who: string } | undefined {
  const these = pupils.filter(({ not_printable }) => not_printable);
  if (these.length === 0) return undefined;
  const letters = new Set(these.flatMap(({ not_printable }) => [...(not_printable ?? '')]));
  const shown = [...letters].slice(0, MOST_LETTERS).join(' ');
  return {
    letters: letters.size > MOST_LETTERS ? `${shown} …` : shown,
    who: named(
      these.map(({ name }) => name),
      pupils.length,
    ),
  };
}

function named(names: string[], all: number): string {
  if (names.length === all && all > 1) return `all ${all} pupils`;
  const shown = names.slice(0, MOST_NAMED).join('; ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

/** A choice of the field `Whose reports`: `group:…` or `year:3`. */
export function scopeOf(choice: string): ReportScope {
  const [kind, which = ''] = choice.split(':');
  return kind === 'year'
    ? { kind: 'year_group', year_group: which as ReportScope['year_group'] }
    : { kind: 'group', id: which };
}

/** What stands below the state of a job. */
export function progressOf(job: GeneratedReports): string {
  const pupils = counted(job.pupils, 'report');
  switch (job.state) {
    case 'waiting':
      return `${pupils}, begins in a moment`;
    case 'running':
      return `${job.made} of ${pupils}`;
    case 'done':
      return job.expires_at ? `Kept until ${formatDate(job.expires_at)}` : '';
    case 'gone':
      return job.expires_at ? `Was kept until ${formatDate(job.expires_at)}` : '';
    case 'stalled':
      return 'It does not come further by itself. Make it again, or cancel it';
    case 'cancelled':
      return 'Nothing was kept';
    case 'failed':
      return job.problem ?? '';
  }
}

/** `1.2 MB`, `85 KB`. */
export function sizeOf(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1_000))} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
