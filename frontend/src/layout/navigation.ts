/**
 * What stands in the navigation, for whom. A new page adds its line here and its route in
 * `app/routes/`; nothing stands here that has no page.
 */
import {
  ArrowLeftRight,
  BookOpenCheck,
  CalendarClock,
  ChartColumn,
  FileText,
  FileUp,
  HeartHandshake,
  House,
  KeyRound,
  LayoutTemplate,
  LifeBuoy,
  ListChecks,
  type LucideIcon,
  RefreshCw,
  School,
  ScrollText,
  Settings,
  UserRound,
  UserRoundX,
  UsersRound,
} from 'lucide-react';
import type { Account } from '~/api/session';

export interface NavigationEntry {
  label: string;
  to:
    | '/'
    | '/pupils'
    | '/pupils/import'
    | '/groups'
    | '/users'
    | '/parents'
    | '/children'
    | '/activity'
    | '/set-up'
    | '/contact'
    | '/settings'
    | '/my-groups'
    | '/markbook'
    | '/report-templates'
    | '/attainment-and-progress'
    | '/generate-reports'
    | '/admin-account'
    | '/data-management/mis-synchronisation'
    | '/data-management/mis-mapping'
    | '/data-management/not-here'
    | '/data-management/roll-up';
  icon: LucideIcon;
}

export interface NavigationSection {
  /** Undefined for what stands at the top, without a heading. */
  label?: string;
  entries: readonly NavigationEntry[];
}

const ADMIN: readonly NavigationSection[] = [
  {
    entries: [
      { label: 'Home', to: '/', icon: House },
      { label: 'Set-up guide', to: '/set-up', icon: ListChecks },
    ],
  },
  {
    label: 'School',
    entries: [
      { label: 'Pupil Management', to: '/pupils', icon: UserRound },
      { label: 'Pupil Import', to: '/pupils/import', icon: FileUp },
      { label: 'Group Management', to: '/groups', icon: School },
      { label: 'User Management', to: '/users', icon: UsersRound },
      { label: 'Parent Management', to: '/parents', icon: HeartHandshake },
      { label: 'Activity log', to: '/activity', icon: ScrollText },
      { label: 'School settings', to: '/settings', icon: Settings },
    ],
  },
  {
    label: 'Reports',
    entries: [{ label: 'Report Templates', to: '/report-templates', icon: LayoutTemplate }],
  },
  {
    label: 'Data Management',
    entries: [
      {
        label: 'MIS Synchronisation',
        to: '/data-management/mis-synchronisation',
        icon: RefreshCw,
      },
      { label: 'MIS Mapping', to: '/data-management/mis-mapping', icon: ArrowLeftRight },
      { label: 'In the MIS, not here', to: '/data-management/not-here', icon: UserRoundX },
      { label: 'Roll-up', to: '/data-management/roll-up', icon: CalendarClock },
    ],
  },
];

const OWN_GROUPS: NavigationSection = {
  entries: [{ label: 'My groups', to: '/my-groups', icon: UsersRound }],
};

const REPORTS: NavigationSection = {
  label: 'Reports',
  entries: [
    { label: 'Attainment and Progress', to: '/attainment-and-progress', icon: ChartColumn },
    { label: 'Generate Reports', to: '/generate-reports', icon: FileText },
  ],
};

const ASSESSMENT: NavigationSection = {
  label: 'Assessment',
  entries: [{ label: 'Markbook', to: '/markbook', icon: BookOpenCheck }],
};

const TEACHER: readonly NavigationSection[] = [OWN_GROUPS, ASSESSMENT, REPORTS];

const SENIOR_LEADER: readonly NavigationSection[] = [
  OWN_GROUPS,
  {
    label: 'Whole school',
    entries: [
      { label: 'Pupils', to: '/pupils', icon: UserRound },
      { label: 'Groups', to: '/groups', icon: School },
    ],
  },
  ASSESSMENT,
  REPORTS,
];

const HEAD_OR_DEPUTY: readonly NavigationSection[] = [
  ...SENIOR_LEADER,
  {
    label: 'School leadership',
    entries: [{ label: 'Admin account', to: '/admin-account', icon: KeyRound }],
  },
];

const PARENT: readonly NavigationSection[] = [
  { entries: [{ label: 'My children', to: '/children', icon: House }] },
];

const CONTACT: NavigationSection = {
  entries: [{ label: 'Contact us', to: '/contact', icon: LifeBuoy }],
};

export function navigationOf(account: Account): readonly NavigationSection[] {
  return [...pagesOf(account), CONTACT];
}

function pagesOf(account: Account): readonly NavigationSection[] {
  if (account.kind === 'admin') return ADMIN;
  if (account.leadership) return HEAD_OR_DEPUTY;
  if (account.kind === 'parent') return PARENT;
  return account.role === 'slt' ? SENIOR_LEADER : TEACHER;
}
