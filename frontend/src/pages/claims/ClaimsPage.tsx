/** Claimed and unclaimed accounts: who waits, with what, until when; slips, and letting in again. */
import { Badge, Button, Checkbox, EmptyState, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { UserRoundCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  type Claim,
  type ClaimList,
  claimsQuery,
  resetAllLapsed,
  sendAllLinksAgain,
} from '~/api/claims';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Figure, Figures } from '~/components/Figures';
import { Filter, List, PAGE_SIZE, SearchField, useCursorPages } from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { PrintSlips } from '~/components/PrintSlips';
import { RoleText } from '~/components/people';
import { counted } from '~/school/words';
import { Again } from './Again';
import { STATE_NAMES, STATES, statesIn, waiting, whenOf } from './states';

const route = getRouteApi('/signed-in/admin/users/claims');
const column = columnsOf<Claim>();

export function ClaimsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const state = STATE_NAMES.find((name) => name === search.state);
  const query = { search: search.search, state: state && [state] };
  const pages = useCursorPages(query);
  const claims = useQuery(claimsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const columns = useMemo(() => columnsWith(selected, setSelected), [selected]);

  return (
    <>
      <PageHeader
        title="Claimed and unclaimed accounts"
        area={<TextLink to="/users">User Management</TextLink>}
        description="An account is claimed once its user has set a password of their own."
        actions={
          claims.data && (
            <Actions
              found={claims.data}
              selected={selected}
              onPrinted={() => setSelected(new Set())}
            />
          )
        }
      />
      <Stack gap="lg">
        {claims.data && <Counts found={claims.data} />}
        <List
          thing="user"
          result={claims}
          pages={pages}
          empty={
            <EmptyState
              icon={<UserRoundCheck aria-hidden />}
              variant="light"
              py="xl"
              title="No users found"
              description="Try another search, or take the filter off."
            />
          }
          filters={
            <>
              <SearchField
                label="Search by name, username or e-mail"
                value={search.search}
                onSearch={(text) => change({ search: text })}
              />
              <Filter
                label="First password"
                all="All users"
                value={state}
                options={statesIn(claims.data).map((one) => ({
                  value: one,
                  label: STATES[one].name,
                }))}
                onChange={(chosen) => change({ state: chosen })}
              />
            </>
          }
        >
          {(rows, busy) => (
            <>
              <Selection rows={rows} selected={selected} onSelect={setSelected} />
              <DataTable
                caption="Users and their first passwords"
                columns={columns}
                rows={rows}
                busy={busy}
              />
            </>
          )}
        </List>
      </Stack>
    </>
  );
}

type Select = (selected: ReadonlySet<string>) => void;

function columnsWith(selected: ReadonlySet<string>, onSelect: Select) {
  return column.columns([
    column.accessor('surname', {
      header: 'Name',
      cell: ({ row: { original: claim } }) => (
        <Group gap="md" wrap="nowrap" align="flex-start">
          <Checkbox
            mt={3}
            aria-label={claim.slip ? `Select ${claim.name}` : `No slip for ${claim.name}`}
            disabled={!claim.slip}
            checked={selected.has(claim.id)}
            onChange={(event) => onSelect(changed(selected, [claim], event.currentTarget.checked))}
          />
          <div>
            <TextLink to="/users/$userId" params={{ userId: claim.id }} fw={600} inherit>
              {claim.surname}, {[claim.title, claim.forename].filter(Boolean).join(' ')}
            </TextLink>
            <Text size="sm" c="dimmed">
              {claim.username}
            </Text>
          </div>
        </Group>
      ),
    }),
    column.accessor('role', {
      header: 'Role',
      cell: ({ row: { original: claim } }) => (
        <RoleText role={claim.role} leadership={claim.leadership} />
      ),
    }),
    column.accessor('state', {
      header: 'First password',
      cell: ({ getValue }) => {
        const { name, color } = STATES[getValue()];
        return color ? <Badge color={color}>{name}</Badge> : name;
      },
    }),
    column.accessor('until', {
      header: 'Since, until',
      cell: ({ row }) => whenOf(row.original).map((line) => <div key={line}>{line}</div>),
    }),
  ]);
}

function changed(before: ReadonlySet<string>, claims: readonly Claim[], on: boolean) {
  const after = new Set(before);
  for (const { id } of claims) {
    if (on) after.add(id);
    else after.delete(id);
  }
  return after;
}

interface SelectionProps {
  rows: readonly Claim[];
  selected: ReadonlySet<string>;
  onSelect: Select;
}

/** Above the table, since on a phone the table has no heading to tick. */
function Selection({ rows, selected, onSelect }: SelectionProps) {
  const possible = rows.filter((claim) => claim.slip);
  if (possible.length === 0) return null;
  const on = possible.filter(({ id }) => selected.has(id)).length;
  return (
    <Group px="md" pb="sm" gap="md">
      <Checkbox
        label="Select all on this page who can have a slip"
        checked={on === possible.length}
        indeterminate={on > 0 && on < possible.length}
        onChange={(event) => onSelect(changed(selected, possible, event.currentTarget.checked))}
      />
      <Text size="sm" c="dimmed" role="status">
        {selected.size > 0 && `${counted(selected.size, 'user')} selected`}
      </Text>
      {selected.size > 0 && (
        <Button size="xs" variant="default" onClick={() => onSelect(new Set())}>
          Select nobody
        </Button>
      )}
    </Group>
  );
}

function Counts({ found }: { found: ClaimList }) {
  const { counts } = found;
  return (
    <Figures label="Accounts in figures">
      <Figure count={counts.own} label="Have their own password" />
      <Figure
        count={waiting(counts)}
        label={
          found.first_passwords === 'default'
            ? 'Wait with the default password'
            : 'Wait with a slip, or for one'
        }
      >
        {counts.no_code > 0 && (
          <TextLink to="/users/claims" search={{ state: 'no_code' }}>
            {counts.no_code === 1 ? '1 needs a slip' : `${counts.no_code} need a slip`}
          </TextLink>
        )}
      </Figure>
      <Figure count={counts.lapsed} label="Waited longer than 14 days">
        {counts.lapsed > 0 && (
          <TextLink to="/users/claims" search={{ state: 'lapsed' }}>
            Show them
          </TextLink>
        )}
      </Figure>
      <Figure count={counts.link + counts.link_lapsed} label="Heads and deputies who wait">
        {counts.link_lapsed > 0 && (
          <TextLink to="/users/claims" search={{ state: 'link_lapsed' }}>
            {counts.link_lapsed === 1 ? '1 link is too old' : `${counts.link_lapsed} are too old`}
          </TextLink>
        )}
      </Figure>
    </Figures>
  );
}

interface ActionsProps {
  found: ClaimList;
  selected: ReadonlySet<string>;
  onPrinted: () => void;
}

function Actions({ found, selected, onPrinted }: ActionsProps) {
  const { counts } = found;
  const codes = found.first_passwords === 'starting_codes';
  const links = counts.link + counts.link_lapsed;
  return (
    <>
      <Again
        label="Send links again"
        count={links}
        title={`Send ${counted(links, 'link')} again?`}
        action={sendAllLinksAgain}
        done={(users) => `${counted(users, 'new link')} sent. Each works once, for seven days.`}
      >
        <Text>
          Each head and deputy who has not set a password yet and has no slip is sent a new link by
          e-mail. Links from before stop working.
        </Text>
      </Again>
      <Again
        label="Reset those that lapsed"
        count={counts.lapsed}
        title={`Reset ${counted(counts.lapsed, 'account')}?`}
        action={resetAllLapsed}
        done={(users) =>
          `${counted(users, 'account')} reset. ${
            codes
              ? 'Print slips for them now: there is no code for them yet.'
              : 'They sign in with the default password, for 14 days from now.'
          }`
        }
      >
        <Text>
          They did not set a password of their own in time, so nothing lets them in. Their 14 days
          start anew.
        </Text>
      </Again>
      <PrintSlips
        label="Print slips"
        codes={codes}
        onPrinted={onPrinted}
        variant="filled"
        choices={[
          {
            label: 'Those selected',
            count: selected.size,
            wanted: { user_ids: [...selected] },
          },
          {
            label: 'All who need a slip',
            count: counts.no_code,
            wanted: { waiting: ['no_code'] },
          },
          {
            label: 'All who wait, but heads and deputies',
            count: found.slips_for_all > counts.no_code ? found.slips_for_all : 0,
            wanted: { waiting: codes ? ['code', 'no_code'] : ['default'] },
          },
        ]}
      />
    </>
  );
}
