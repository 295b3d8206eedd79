/**
 * A link between a person and a group, told and changed in the same words from both sides: where it
 * is from, whether it is by hand, and handing it back to the MIS (R13).
 */
import { Badge, Button, List, Stack, Text } from '@mantine/core';
import { createContext, type ReactNode, useContext } from 'react';
import { ProblemError } from '~/api/problem';
import { ProblemAlert } from './messages';
import { ByHandBadge } from './people';

export interface LinkState {
  version: number;
  origin: string;
  override: boolean;
}

/** The roll-up carries a link by hand into the next class, where the sync leaves it alone too. */
export function isByHand(link: LinkState): boolean {
  return link.override || link.origin === 'hand';
}

export function LinkBadge({ link }: { link: LinkState }) {
  if (isByHand(link)) return <ByHandBadge />;
  return (
    <Badge size="md" color="lagoon">
      {link.origin === 'mis' ? 'MIS' : 'Import'}
    </Badge>
  );
}

/** While one link of a page is changed, the others' versions may be on their way too. */
const Busy = createContext(false);

export function LinksBusy({ busy, children }: { busy: boolean; children: ReactNode }) {
  return <Busy value={busy}>{children}</Busy>;
}

interface LinkActionProps {
  /** With whom or what, for who hears the button and does not see its row. */
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

export function LinkAction({ label, disabled, onClick, children }: LinkActionProps) {
  const busy = useContext(Busy);
  return (
    <Button
      variant="default"
      size="xs"
      aria-label={label}
      disabled={disabled || busy}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

export const HAND_BACK = 'Hand back to the MIS';
/** Said on both sides. */
export const BY_HAND_STAYS =
  'What you change here is not changed again by the MIS sync, until you hand it back.';

/** How a user and a group come apart and together again, on the pages of both. */
export const UNLINKING = {
  unlink: 'Unlink',
  unlinkOne: (name: string) => `Unlink: ${name}`,
  linkAgain: 'Link again',
  linkOneAgain: (name: string) => `Link again: ${name}`,
  unlinked: 'Unlinked by hand',
};

interface LinkProblemProps {
  problem: Error;
  /** Who or what was to be changed. */
  name: string;
}

/** Why a link was not changed; where somebody else was quicker, how it stands now. */
export function LinkProblem({ problem, name }: LinkProblemProps) {
  const now = problem instanceof ProblemError ? problem.current : undefined;
  return (
    <ProblemAlert problem={problem}>
      {now && <Text size="sm">{`${name} is now ${stateInWords(now)}.`}</Text>}
    </ProblemAlert>
  );
}

export function stateInWords(link: Readonly<Record<string, unknown>>): string {
  const how = link.override || link.origin === 'hand' ? 'by hand' : 'by the MIS or an import';
  return `${link.present ? 'linked' : 'not linked'}, ${how}`;
}

interface FateProps {
  fates: readonly { person_id: string; name: string; reason: string | null }[];
  thing: string;
}

/** Who is left as they are, and why. */
export function LeftAsTheyAre({ fates, thing }: FateProps) {
  if (fates.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text fw={600}>
        {fates.length === 1 ? `1 ${thing} is` : `${fates.length} ${thing}s are`} left as they are
      </Text>
      <List spacing={4} size="sm" c="dimmed" aria-label="Left as they are">
        {fates.map(({ person_id, name, reason }) => (
          <List.Item key={person_id}>
            {name}: {reason}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
