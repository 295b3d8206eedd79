/** What the list of pupils shows of each. */
import { Group, Text } from '@mantine/core';
import type { Pupil } from '~/api/roster';
import { columnsOf } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { OriginText, PupilNameText } from '~/components/people';
import { formatDate, yearGroupName } from '~/school/words';

const column = columnsOf<Pupil>();

const name = column.accessor('legal_surname', {
  id: 'surname',
  header: 'Name',
  cell: ({ row: { original: pupil } }) => (
    <TextLink to="/pupils/$pupilId" params={{ pupilId: pupil.id }} inherit>
      <PupilNameText pupil={pupil} />
    </TextLink>
  ),
});
const year = column.accessor('year_group', {
  header: 'Year',
  cell: ({ row: { original: pupil } }) => <YearGroup pupil={pupil} />,
});
const groups = column.accessor('groups', {
  header: 'Groups',
  enableSorting: false,
  cell: ({ getValue }) => <GroupLinks groups={getValue()} />,
});
const born = column.accessor('date_of_birth', {
  header: 'Date of birth',
  enableSorting: false,
  cell: ({ getValue }) => <DateOfBirth date={getValue()} />,
});
const reason = column.accessor('active_reason', {
  header: 'Reason',
  enableSorting: false,
  cell: ({ getValue }) => getValue() ?? 'None given',
});
const upn = column.accessor('upn', {
  header: 'UPN',
  cell: ({ getValue }) => getValue() ?? 'None',
});
const origin = column.accessor('origin', {
  header: 'From',
  enableSorting: false,
  cell: ({ row: { original: pupil } }) => <From pupil={pupil} />,
});

export const COLUMNS = column.columns([name, year, groups, born, upn, origin]);
/** Of who is inactive, why matters more than their birthday. */
export const COLUMNS_OF_INACTIVE = column.columns([name, year, groups, reason, upn, origin]);

function YearGroup({ pupil }: { pupil: Pupil }) {
  if (!pupil.year_group) return 'Not known';
  return (
    <div>
      {yearGroupName(pupil.year_group)}
      {pupil.year_disagrees && (
        <Text size="sm" c="dimmed">
          Does not fit their age
        </Text>
      )}
    </div>
  );
}

function DateOfBirth({ date }: { date?: string | null }) {
  return date ? formatDate(date) : 'Not known';
}

function GroupLinks({ groups }: { groups: { id: string; name: string }[] }) {
  if (groups.length === 0) return 'None';
  return (
    <Group gap="xs">
      {groups.map((group) => (
        <TextLink key={group.id} to="/groups/$groupId" params={{ groupId: group.id }} inherit>
          {group.name}
        </TextLink>
      ))}
    </Group>
  );
}

/** Where they came from, and what was set by hand since, which the sync leaves alone (R13). */
function From({ pupil }: { pupil: Pupil }) {
  return (
    <div>
      <OriginText origin={pupil.origin} />
      {pupil.overrides.length > 0 && (
        <Text size="sm" c="dimmed">
          Set by hand: {pupil.overrides.map((field) => fieldOf(field, pupil)).join(', ')}
        </Text>
      )}
    </div>
  );
}

function fieldOf(field: string, pupil: Pupil): string {
  if (field === 'active') return pupil.active ? 'active' : 'inactive';
  return FIELDS[field] ?? field.replaceAll('_', ' ');
}

const FIELDS: Record<string, string> = {
  upn: 'UPN',
  legal_forename: 'forename',
  legal_surname: 'surname',
};
