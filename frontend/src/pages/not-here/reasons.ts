/** Why somebody of the MIS is not here, in few words, and who they are (R11, R20). */

export const WHO = ['pupil', 'staff', 'contact'] as const;
export type Who = (typeof WHO)[number];

export const WHO_NAMES: Record<Who, string> = {
  pupil: 'Pupils',
  staff: 'Staff',
  contact: 'Parents',
};

/** What an office does about it in the MIS is in the server's reason; this is what it is called. */
const REASONS: Record<string, string> = {
  pupil_without_upn: 'No UPN in the MIS',
  pupil_invalid_upn: 'UPN that is not valid',
  pupil_duplicate_upn: 'UPN of somebody else',
  pupil_without_name: 'No name in the MIS',
  pupil_other_year: 'MIS in another academic year',
  staff_without_class: 'No class in the MIS',
  staff_class_unmapped: 'Class not mapped yet',
  staff_without_name: 'No name in the MIS',
  staff_gone: 'Gone from the MIS',
  staff_inactive: 'User made inactive here',
  contact_without_email: 'No e-mail address in the MIS',
  contact_without_name: 'No name in the MIS',
  contact_not_parental: 'Not a parental relationship',
  contact_inactive: 'Parent made inactive here',
};

export function reasonName(kind: string): string {
  const known = REASONS[kind];
  if (known) return known;
  const words = kind.replace(/^(pupil|staff|contact)_/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
