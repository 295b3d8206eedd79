/** What an entry can be about, as the address and the choice above the list have it. */
export const SUBJECTS = [
  { value: 'pupil', label: 'Pupils' },
  { value: 'group', label: 'Groups' },
  { value: 'link', label: 'Who is in a group' },
  { value: 'user', label: 'Users' },
  { value: 'parent', label: 'Parents' },
  { value: 'mis_link', label: 'MIS link' },
  { value: 'mapping', label: 'MIS mapping' },
  { value: 'school', label: 'The school' },
];
export const SUBJECT_KINDS = SUBJECTS.map(({ value }) => value);
