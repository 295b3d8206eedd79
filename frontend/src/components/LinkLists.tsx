/** What one is linked to, and what was unlinked by hand, each with what can be done about it (R13). */
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LinkChange } from '~/api/groups';
import { HAND_BACK, isByHand, LinkAction, LinkBadge, type LinkState } from './link-by-hand';

/** One end of a link, as the page of the other end shows it. */
export interface Linked {
  id: string;
  name: string;
  link: LinkState;
}

export interface LinkWords {
  /** Said where there is no link. */
  none: string;
  /** What the list of those that are linked is called. */
  linked: string;
  unlink: string;
  /** The same for who hears the button and does not see its row. */
  unlinkOne: (name: string) => string;
  linkAgain: string;
  linkOneAgain: (name: string) => string;
  /** What the list of those that were unlinked is called. */
  unlinked: string;
}

interface LinkListsProps<One extends Linked> {
  words: LinkWords;
  linked: readonly One[];
  unlinked: readonly One[];
  editable?: boolean;
  make: (change: LinkChange, one: One) => void;
  /** What a row says before where the link is from. */
  children: (one: One) => ReactNode;
}

export function LinkLists<One extends Linked>(props: LinkListsProps<One>) {
  const { words, linked, unlinked, editable = true, make, children } = props;
  const handBack = (one: One) => (
    <LinkAction label={`${HAND_BACK}: ${one.name}`} onClick={() => make('hand-back', one)}>
      {HAND_BACK}
    </LinkAction>
  );
  const unlink = (one: One) => (
    <>
      {isByHand(one.link) && handBack(one)}
      <LinkAction label={words.unlinkOne(one.name)} onClick={() => make('unlink', one)}>
        {words.unlink}
      </LinkAction>
    </>
  );
  const linkAgain = (one: One) => (
    <>
      {handBack(one)}
      <LinkAction label={words.linkOneAgain(one.name)} onClick={() => make('link', one)}>
        {words.linkAgain}
      </LinkAction>
    </>
  );
  return (
    <>
      {linked.length === 0 && <Text c="dimmed">{words.none}</Text>}
      <Rows label={words.linked} rows={linked} about={children} actions={editable && unlink} />
      {unlinked.length > 0 && <Text fw={600}>{words.unlinked}</Text>}
      <Rows
        label={words.unlinked}
        rows={unlinked}
        about={children}
        actions={editable && linkAgain}
      />
    </>
  );
}

interface RowsProps<One extends Linked> {
  label: string;
  rows: readonly One[];
  about: (one: One) => ReactNode;
  actions: ((one: One) => ReactNode) | false;
}

function Rows<One extends Linked>({ label, rows, about, actions }: RowsProps<One>) {
  if (rows.length === 0) return null;
  return (
    <Stack component="ul" aria-label={label} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {rows.map((one) => (
        <Group component="li" key={one.id} gap="sm" justify="space-between">
          <Group gap="sm">
            {about(one)}
            <LinkBadge link={one.link} />
          </Group>
          {actions && <Group gap="xs">{actions(one)}</Group>}
        </Group>
      ))}
    </Stack>
  );
}
