import { describe, expect, it } from 'vitest';
import type { Template } from '~/api/templates';
import { fieldOf, layoutOf, nameOf, newSection, subjectsToChoose, valuesOf } from './layout-form';

const TEMPLATE: Template = {
  id: 'one',
  kind: 'written_report',
  active: true,
  newest: 2,
  saved: {
    version: 2,
    name: 'Report',
    saved_at: '2026-06-10T12:00:00Z',
    saved_by: null,
    taken_up: null,
  },
  layout: {
    title: 'For {pupil.forename}',
    sections: [
      { kind: 'text', on: true, heading: '', text: 'One' },
      { kind: 'text', on: false, heading: 'Two', text: '' },
    ],
    subjects: null,
    page: { logo: true, school_name: true, footer: '', page_numbers: true },
  },
};

describe('a template in a form', () => {
  it('is sent as it came', () => {
    expect(layoutOf(valuesOf(TEMPLATE))).toEqual(TEMPLATE.layout);
    const chosen = { ...TEMPLATE, layout: { ...TEMPLATE.layout, subjects: ['english'] } };
    expect(layoutOf(valuesOf(chosen))).toEqual(chosen.layout);
  });

  it('keeps what was chosen while all are taken', () => {
    const values = { ...valuesOf(TEMPLATE), subjects: ['english'] };
    expect(layoutOf(values).subjects).toBeNull();
    expect(layoutOf({ ...values, which: 'chosen' }).subjects).toEqual(['english']);
  });

  it('has another key for each section, and new ones of their own', () => {
    const keys = [...valuesOf(TEMPLATE).sections, newSection('text'), newSection('text')];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  });

  it('finds the field of what the server says is wrong', () => {
    expect(fieldOf('#/layout/sections/3/lines/0')).toBe('sections.3.lines.0');
    expect(fieldOf('#/layout/page/footer')).toBe('page.footer');
    expect(fieldOf('#/name')).toBe('name');
  });

  it('names a section by what it is and by its heading', () => {
    const [one, two] = valuesOf(TEMPLATE).sections;
    expect(one && nameOf(one)).toBe('Text');
    expect(two && nameOf(two)).toBe('Text: Two');
  });
});

it('subjects that are not in use are offered where they are chosen', () => {
  const subjects = [
    { id: 'a', name: 'English', active: true },
    { id: 'b', name: 'Latin', active: false },
  ];
  expect(subjectsToChoose(subjects, [])).toEqual([{ value: 'a', label: 'English' }]);
  expect(subjectsToChoose(subjects, ['b'])[1]).toEqual({ value: 'b', label: 'Latin (not in use)' });
});
