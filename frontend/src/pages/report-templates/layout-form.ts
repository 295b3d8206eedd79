/** A template in a form: sections with keys, since several of one kind may stand in it (R25). */
import type {
  Template,
  TemplateKind,
  TemplateLayout,
  TemplateSection,
  TemplateSubject,
} from '~/api/templates';

export type SectionKind = TemplateSection['kind'];
export type SectionValues = TemplateSection & { key: string };

export interface TemplateValues {
  name: string;
  title: string;
  sections: SectionValues[];
  /** Whether all subjects that are taught stand in it, or those chosen. */
  which: 'all' | 'chosen';
  subjects: string[];
  page: TemplateLayout['page'];
}

export const KIND_NAMES: Record<TemplateKind, string> = {
  assessment_summary: 'Assessment summary',
  written_report: 'Written report',
};

export const SECTION_NAMES: Record<SectionKind, string> = {
  details: 'Pupil’s details',
  text: 'Text',
  attainment: 'Attainment table',
  subject_comments: 'Comments by subject',
  general_comment: 'General comment',
  scale_key: 'Key to the scale',
  signatures: 'Signatures',
};

const NEW_SECTIONS: { [Kind in SectionKind]: Extract<TemplateSection, { kind: Kind }> } = {
  details: { kind: 'details', on: true, heading: '', fields: ['class', 'year_group', 'term'] },
  text: { kind: 'text', on: true, heading: '', text: '' },
  attainment: {
    kind: 'attainment',
    on: true,
    heading: 'Attainment and effort',
    expectation: true,
    effort: true,
    earlier_terms: 0,
    leave_out_empty: true,
  },
  subject_comments: {
    kind: 'subject_comments',
    on: true,
    heading: 'Subject by subject',
    attainment: true,
    effort: true,
  },
  general_comment: {
    kind: 'general_comment',
    on: true,
    heading: 'Class teacher’s comment',
    of: 'class_teacher',
  },
  scale_key: { kind: 'scale_key', on: true, heading: 'What the bands mean' },
  signatures: { kind: 'signatures', on: true, heading: '', lines: ['Class teacher'] },
};

let made = 0;

function withKey(section: TemplateSection): SectionValues {
  made += 1;
  return { ...section, key: `section-${made}` };
}

export function newSection(kind: SectionKind): SectionValues {
  return withKey(structuredClone(NEW_SECTIONS[kind]));
}

export function valuesOf({ saved, layout }: Template): TemplateValues {
  return {
    name: saved.name,
    title: layout.title,
    sections: layout.sections.map(withKey),
    which: layout.subjects === null ? 'all' : 'chosen',
    subjects: layout.subjects ?? [],
    page: layout.page,
  };
}

export function layoutOf(values: TemplateValues): TemplateLayout {
  return {
    title: values.title,
    sections: values.sections.map(({ key: _, ...section }) => section),
    subjects: values.which === 'all' ? null : values.subjects,
    page: values.page,
  };
}

/** `#/layout/sections/3/text` → `sections.3.text`, `#/name` → `name`. */
export function fieldOf(pointer: string): string {
  return pointer.replace(/^#\/(layout\/)?/, '').replaceAll('/', '.');
}

/** What a section is called in the editor: its heading, if it has one of its own. */
export function nameOf({ kind, heading }: SectionValues): string {
  return heading.trim() ? `${SECTION_NAMES[kind]}: ${heading.trim()}` : SECTION_NAMES[kind];
}

/** Those in use, and those that are chosen whatever became of them. */
export function subjectsToChoose(
  subjects: readonly TemplateSubject[],
  chosen: readonly string[],
): { value: string; label: string }[] {
  return subjects
    .filter(({ id, active }) => active || chosen.includes(id))
    .map(({ id, name, active }) => ({ value: id, label: active ? name : `${name} (not in use)` }));
}
