/** How pupils, users and where they come from are shown wherever they appear. */
import { Badge, Text } from '@mantine/core';

interface PupilName {
  legal_forename: string;
  legal_surname: string;
  preferred_forename?: string | null;
  preferred_surname?: string | null;
}

/** 'Smith, Amelia', as lists sort the name that the child goes by; the legal one where it is another. */
export function PupilNameText({ pupil }: { pupil: PupilName }) {
  const { legal_forename, legal_surname } = pupil;
  const forename = pupil.preferred_forename ?? legal_forename;
  const surname = pupil.preferred_surname ?? legal_surname;
  return (
    <Text component="span" inherit fw={600}>
      {surname}, {forename}
      {(surname !== legal_surname || forename !== legal_forename) && (
        <Text component="span" inherit fw={400} c="dimmed">
          {' '}
          (legal name {legal_forename} {legal_surname})
        </Text>
      )}
    </Text>
  );
}

const ORIGINS: Record<string, string> = { mis: 'MIS', hand: 'By hand', import: 'Import' };

export function OriginText({ origin }: { origin: string }) {
  return ORIGINS[origin] ?? origin;
}

interface RoleProps {
  role: 'teacher' | 'slt';
  leadership?: 'head' | 'deputy' | null;
}

export function RoleText({ role, leadership }: RoleProps) {
  if (role === 'teacher') return 'Teacher';
  if (!leadership) return 'SLT';
  return leadership === 'head' ? 'SLT, head' : 'SLT, deputy';
}

/** A link or a detail set by hand, which the sync leaves alone (R13). */
export function ByHandBadge() {
  return (
    <Badge size="md" color="amber">
      By hand
    </Badge>
  );
}
