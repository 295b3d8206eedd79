/** What was found, as lines that lead somewhere: put together from the answer, for who asks. */
import type { FoundGroup, FoundPupil, FoundUser, SearchResults } from '~/api/search';
import type { Account } from '~/api/session';
import type { HelpText } from '~/help/texts';
import { counted, yearGroupName } from '~/school/words';

export interface Hit {
  id: string;
  label: string;
  /** What it is: year and class, role. */
  about?: string;
  inactive?: boolean;
  /** The address that it leads to. */
  href: string;
}

export interface HitGroup {
  label: string;
  hits: Hit[];
}

const ROLES = { teacher: 'Teacher', slt: 'SLT', head: 'Head', deputy: 'Deputy' } as const;

export function hitGroups(
  typed: string,
  account: Account,
  found: SearchResults | undefined,
  help: readonly HelpText[],
): HitGroup[] {
  const teacher = account.kind === 'user' && account.role === 'teacher';
  const { pupils, groups, users } = found ?? {};
  const all: HitGroup[] = [
    {
      label: 'Pupils',
      hits: [
        ...(pupils?.items ?? []).map((pupil) => pupilHit(pupil, teacher)),
        ...(pupils && !teacher ? seeAll(pupils, '/pupils', typed, 'pupil') : []),
      ],
    },
    {
      label: 'Users',
      hits: [
        ...(users?.items ?? []).map(userHit),
        ...(users ? seeAll(users, '/users', typed, 'user') : []),
      ],
    },
    {
      label: 'Groups',
      hits: [
        ...(groups?.items ?? []).map((group) => groupHit(group, teacher)),
        ...(groups && !teacher ? seeAll(groups, '/groups', typed, 'group') : []),
      ],
    },
    { label: 'Help', hits: help.map(helpHit) },
  ];
  return all.filter(({ hits }) => hits.length > 0);
}

/** A teacher has no page of one pupil; theirs stands in their group. */
function pupilHit(pupil: FoundPupil, teacher: boolean): Hit {
  const [first] = pupil.groups;
  const classes = pupil.groups.filter(({ kind }) => kind === 'class').map(({ name }) => name);
  const year = pupil.year_group ? yearGroupName(pupil.year_group) : 'Year not known';
  return {
    id: pupil.id,
    label: `${pupil.forename} ${pupil.surname}`,
    about: [year, ...classes].join(', '),
    inactive: !pupil.active,
    href: teacher ? (first ? `/my-groups/${first.id}` : '/my-groups') : `/pupils/${pupil.id}`,
  };
}

function userHit(user: FoundUser): Hit {
  return {
    id: user.id,
    label: [user.title, user.forename, user.surname].filter(Boolean).join(' '),
    about: `${ROLES[user.leadership ?? user.role]}, ${user.username}`,
    inactive: !user.active,
    href: `/users/${user.id}`,
  };
}

function groupHit(group: FoundGroup, teacher: boolean): Hit {
  const kind = group.kind === 'class' ? 'Class' : 'Set';
  return {
    id: group.id,
    label: group.name,
    about: group.year_group ? `${kind}, ${yearGroupName(group.year_group)}` : kind,
    inactive: !group.active,
    href: `${teacher ? '/my-groups' : '/groups'}/${group.id}`,
  };
}

const helpHit = ({ slug, title, summary }: HelpText): Hit => ({
  id: slug,
  label: title,
  about: summary,
  href: `/help/${slug}`,
});

interface Counted {
  items: readonly { active: boolean }[];
  active: number;
  inactive: number;
}

/** The lists show active and inactive ones apart, so each has its line where some are left out. */
function seeAll({ items, active, inactive }: Counted, list: string, typed: string, one: string) {
  const shown = items.filter((item) => item.active).length;
  const lines: Hit[] = [];
  const search = encodeURIComponent(typed);
  if (active > shown) {
    lines.push({
      id: `all-${one}s`,
      label: `See all ${counted(active, one)}`,
      href: `${list}?search=${search}`,
    });
  }
  if (inactive > items.length - shown) {
    lines.push({
      id: `all-inactive-${one}s`,
      label: `See all ${counted(inactive, `inactive ${one}`)}`,
      href: `${list}?search=${search}&active=false`,
    });
  }
  return lines;
}
