/** What each step of the set-up guide is called, why it is there, and the page that does it (R28). */
import { linkOptions } from '@tanstack/react-router';
import type { SetUp, SetUpStep } from '~/api/set-up';

export type Way = NonNullable<SetUp['way']>;

export const WAYS: Record<Way, string> = {
  mis: 'With your MIS',
  by_hand: 'Without a link to your MIS',
};

interface StepWords {
  title: string;
  why: string;
  open: string;
}

export const STEPS: Record<SetUpStep['id'], StepWords> = {
  details: {
    title: 'School details',
    why: 'Name, address, telephone number and contact e-mail stand in letters and reports, and tell parents how to reach you.',
    open: 'School details',
  },
  logo: {
    title: 'School logo',
    why: 'It is used in assessment summaries, written reports and online reports.',
    open: 'Upload the logo',
  },
  mis_link: {
    title: 'Link your MIS',
    why: 'Pupils, classes, teachers and who is linked to whom then come by themselves, every night.',
    open: 'MIS Synchronisation',
  },
  first_snapshot: {
    title: 'First data from your MIS',
    why: 'Install the connector with its credentials file, then ask for the data. Nothing is mapped before they have come.',
    open: 'MIS Synchronisation',
  },
  mapping: {
    title: 'MIS Mapping',
    why: 'Say which class of your MIS is which class here, and decide what is not certain.',
    open: 'MIS Mapping',
  },
  check: {
    title: 'Check who is missing',
    why: 'Pupils without a UPN in your MIS are not brought in. Put it right there, or ignore those who are not for Classroom Monitor.',
    open: 'In the MIS, not here',
  },
  pupils: {
    title: 'Pupils',
    why: 'Everybody on roll, with their UPN and year group.',
    open: 'Pupil Management',
  },
  groups: {
    title: 'Classes and sets',
    why: 'Each pupil in a class: who is in none is seen by no teacher.',
    open: 'Group Management',
  },
  users: {
    title: 'Teachers and senior leaders',
    why: 'Each person has an account of their own. Teachers see the groups they are linked to, SLT see the whole school.',
    open: 'User Management',
  },
  leaders: {
    title: 'Head and deputies',
    why: 'Name at least one of the SLT users as head or deputy: only they can ask for another e-mail address of the admin account.',
    open: 'User Management',
  },
  teachers: {
    title: 'Who teaches which class',
    why: 'Link the teachers to their classes, so that they see their pupils.',
    open: 'Group Management',
  },
  first_sign_in: {
    title: 'First sign-in',
    why: 'Give your users the default password, or print a slip with a starting code for each.',
    open: 'Claimed and unclaimed accounts',
  },
  terms: {
    title: 'Subjects and terms',
    why: 'Marks and reports are kept by subject and term. Check that the dates of the terms are your school’s.',
    open: 'Terms',
  },
  following_classes: {
    title: 'Which class follows which',
    why: 'On 26 August all pupils move up by themselves. Until then, say which class each class goes on to.',
    open: 'Roll-up',
  },
  parents: {
    title: 'Parents',
    why: 'Only for schools that show reports online: invite the parents by e-mail.',
    open: 'Parent Management',
  },
};

/** The page that does it; where something is missing, the list of what lacks it. */
export function pageOf(step: SetUpStep, way: Way) {
  const waits = step.state === 'to_do';
  switch (step.id) {
    case 'details':
    case 'terms':
      return linkOptions({ to: '/settings', hash: step.id });
    case 'logo':
      return linkOptions({ to: '/report-templates' });
    case 'mis_link':
    case 'first_snapshot':
      return linkOptions({ to: '/data-management/mis-synchronisation' });
    case 'mapping':
      return linkOptions({ to: '/data-management/mis-mapping' });
    case 'check':
      return linkOptions({ to: '/data-management/not-here' });
    case 'pupils':
      if (waits && way === 'by_hand') return linkOptions({ to: '/pupils/import' });
      return linkOptions({ to: '/pupils' });
    case 'groups':
      if (waits && step.there) return linkOptions({ to: '/pupils', search: { without: 'class' } });
      return linkOptions({ to: '/groups' });
    case 'users':
    case 'leaders':
      return linkOptions({ to: '/users' });
    case 'teachers':
      return linkOptions({ to: '/groups', search: waits ? { without: 'users' } : {} });
    case 'first_sign_in':
      return linkOptions({ to: '/users/claims' });
    case 'following_classes':
      return linkOptions({ to: '/data-management/roll-up' });
    case 'parents':
      return linkOptions({ to: '/parents' });
  }
}

/** What the button says: as the page is called that it opens. */
export function buttonOf(step: SetUpStep, way: Way): string {
  if (step.state === 'to_do' && step.id === 'pupils' && way === 'by_hand') return 'Pupil Import';
  if (step.state === 'to_do' && step.id === 'groups' && step.there) return 'Pupils without a class';
  return STEPS[step.id].open;
}

/** The steps of one way, in their order. */
export function stepsOf(guide: SetUp, way: Way): SetUpStep[] {
  return guide.steps.filter((step) => step.way === null || step.way === way);
}

export interface Progress {
  done: number;
  needed: number;
  /** The first that is needed and not done. */
  next: SetUpStep | undefined;
}

export function progressOf(steps: readonly SetUpStep[]): Progress {
  const needed = steps.filter((step) => step.needed);
  return {
    done: needed.filter((step) => step.state === 'done').length,
    needed: needed.length,
    next: needed.find((step) => step.state === 'to_do'),
  };
}
