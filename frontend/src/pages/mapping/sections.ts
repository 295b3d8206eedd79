/** The kinds of difference in the order in which they are best decided, and what each means. */
import type { Difference } from '~/api/mapping';

export interface Section {
  kind: Difference['kind'];
  title: string;
  explanation: string;
  differences: Difference[];
}

const KINDS: Omit<Section, 'differences'>[] = [
  {
    kind: 'held_run',
    title: 'A sync that was held',
    explanation:
      'So much would have changed at once that nothing of it was done. Check in your MIS whether it is right.',
  },
  {
    kind: 'group_unmapped',
    title: 'Classes and groups',
    explanation:
      'Map each to the group that it is here, or create it. Its pupils follow, and its teachers get users by themselves.',
  },
  {
    kind: 'staff_suggestion',
    title: 'Staff who may be here already',
    explanation: 'Someone here looks like them. Say whether it is the same person.',
  },
  {
    kind: 'staff_email_clash',
    title: 'Staff whose e-mail address is taken',
    explanation:
      'An e-mail address belongs to one account only, even an inactive one. Take it off the other account first, or map to that account.',
  },
  {
    kind: 'staff_email_changed',
    title: 'Staff whose e-mail address has changed in your MIS',
    explanation:
      'People sign in with their e-mail address, so it is not changed by itself. Map them to their user to take the new one over, or ignore it.',
  },
  {
    kind: 'contact_suggestion',
    title: 'Parents who may be here already',
    explanation:
      'A parent here has the same name and another e-mail address. Say whether it is the same person.',
  },
  {
    kind: 'contact_email_changed',
    title: 'Parents whose e-mail address has changed in your MIS',
    explanation:
      'Parents sign in with it, so it is not changed by itself. Map them to their account to take the new one over, create a new parent if it is somebody else, or ignore it.',
  },
  {
    kind: 'pupil_upn_changed',
    title: 'Pupils whose UPN has changed',
    explanation: 'Your MIS has another UPN for them, and nothing proves that it is the same pupil.',
  },
  {
    kind: 'pupil_suggestion',
    title: 'Pupils who may be here already',
    explanation:
      'A pupil here has the same name and date of birth. Say whether it is the same one.',
  },
  {
    kind: 'refused_group',
    title: 'Groups that could not be brought in',
    explanation: 'Each says what stands in the way.',
  },
  {
    kind: 'refused_staff',
    title: 'Staff who could not be brought in',
    explanation: 'Each says what stands in the way.',
  },
  {
    kind: 'refused_pupil',
    title: 'Pupils who could not be brought in',
    explanation: 'Each says what stands in the way.',
  },
  {
    kind: 'refused_contact',
    title: 'Parents who could not be brought in',
    explanation:
      'Each says what stands in the way. An e-mail address belongs to one account only: a member of staff who is a parent here too needs another one as a parent.',
  },
  {
    kind: 'refused_link',
    title: 'Links that could not be made',
    explanation: 'Each says what stands in the way.',
  },
];

/** The differences by kind, without the kinds of which there is none. */
export function sectionsOf(differences: readonly Difference[]): Section[] {
  return KINDS.map((words) => ({
    ...words,
    differences: differences.filter(({ kind }) => kind === words.kind),
  })).filter((section) => section.differences.length > 0);
}
