/**
 * The sections of School settings, in their order. A new one is a file beside these with its form,
 * and a line here; what it shows is a part of what `api/settings` asks for.
 */
import type { ComponentType } from 'react';
import type { SchoolSettings } from '~/api/settings';
import { NightlySync } from './NightlySync';
import { PupilFields } from './PupilFields';
import { RollUp } from './RollUp';
import { Scale } from './Scale';
import { SchoolDetails } from './SchoolDetails';
import { SigningIn } from './SigningIn';
import { Subjects } from './Subjects';
import { Terms } from './Terms';

export interface SectionProps {
  settings: SchoolSettings;
  /** Whether something in it is typed and not saved. */
  onUnsaved: (unsaved: boolean) => void;
}

export interface SettingsSection {
  id: string;
  title: string;
  /** Its place in what was asked for: null where its service does not answer. */
  part: Exclude<keyof SchoolSettings, 'unavailable'>;
  Section: ComponentType<SectionProps>;
}

export const SECTIONS: readonly SettingsSection[] = [
  { id: 'details', title: 'School details', part: 'details', Section: SchoolDetails },
  { id: 'subjects', title: 'Subjects', part: 'subjects', Section: Subjects },
  { id: 'terms', title: 'Terms', part: 'terms', Section: Terms },
  { id: 'scale', title: 'Attainment scale', part: 'scale', Section: Scale },
  { id: 'roll-up', title: 'Roll-up', part: 'roll_up', Section: RollUp },
  { id: 'signing-in', title: 'Signing in', part: 'sign_in', Section: SigningIn },
  { id: 'pupil-fields', title: 'Pupil fields', part: 'pupil_fields', Section: PupilFields },
  { id: 'sync', title: 'MIS synchronisation', part: 'sync', Section: NightlySync },
];
