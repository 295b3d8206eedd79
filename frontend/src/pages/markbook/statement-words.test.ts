import { expect, test } from 'vitest';
import type { Statement } from '~/api/markbook';
import { filled, fitting, inserted } from './statement-words';

test('a statement is filled in for a pupil', () => {
  const text = '{forename} takes pride in {his_her} work. {He_she} should be proud of {him_her}.';
  expect(filled(text, { forename: 'Zoë', sex: 'F' })).toBe(
    'Zoë takes pride in her work. She should be proud of her.',
  );
  expect(filled(text, { forename: 'Al', sex: null })).toBe(
    'Al takes pride in their work. They should be proud of them.',
  );
  expect(filled('{name} stays', { forename: 'Zoë', sex: 'M' })).toBe('{name} stays');
});

const statement = (text: string, more: Partial<Statement> = {}): Statement => ({
  id: text,
  version: 1,
  kind: 'subject',
  subject_id: null,
  band_id: null,
  text,
  active: true,
  ...more,
});

test('the nearest stand first, and what does not fit is not offered', () => {
  const all = [
    statement('for all'),
    statement('for music', { subject_id: 'music' }),
    statement('for English at J', { subject_id: 'english', band_id: 'j' }),
    statement('at S', { band_id: 's' }),
    statement('general', { kind: 'general' }),
    statement('old', { active: false }),
  ];
  const wanted = { kind: 'subject', subject: 'english', band: 'j' } as const;
  expect(fitting(all, wanted).map(({ text }) => text)).toEqual(['for English at J', 'for all']);
  expect(fitting(all, { ...wanted, band: null })).toHaveLength(3);
  expect(fitting(all, { ...wanted, search: 'ALL for' })).toHaveLength(1);
});

test('it stands apart from what is there', () => {
  expect(inserted('', 0, 'A.')).toEqual({ text: 'A.', caret: 2 });
  expect(inserted('One. Two.', 4, 'A.')).toEqual({ text: 'One. A. Two.', caret: 7 });
  expect(inserted('One.', 4, 'A.').text).toBe('One. A.');
});
