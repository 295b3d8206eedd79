/** The last step: what was done, and what to do next. */
import { List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rowsToMend, type UserImport } from '~/api/user-imports';
import { defaultPasswordQuery } from '~/api/users';
import { ImportDone } from '~/components/import/ImportDone';
import { MendButton } from '~/components/import/Preview';
import { ButtonLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { UserRows } from './UserRows';

const WITH_THE_DEFAULT =
  'Tell the new users their usernames and your school’s default password. They sign in with it within 14 days, and then choose a password of their own.';
const WITH_CODES =
  'Print a slip for each new user, with the username and a starting code, and hand it over. They sign in with it within 14 days, and then choose a password of their own.';

export function Done({ made }: { made: UserImport }) {
  const { data, error, refetch } = useQuery(defaultPasswordQuery);
  const byDefault = data?.in_use;
  const counts = made.counts ?? { added: 0, updated: 0, unchanged: 0, rejected: 0 };
  return (
    <ImportDone
      says={
        <>
          {counted(counts.added, 'user')} added, {counts.updated} updated, {counts.unchanged}{' '}
          unchanged{counts.rejected > 0 && `, ${counted(counts.rejected, 'row')} left out`}.
        </>
      }
      next={
        <>
          {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
          <List spacing="xs">
            {counts.added > 0 && (
              <>
                {byDefault !== undefined && (
                  <List.Item>{byDefault ? WITH_THE_DEFAULT : WITH_CODES}</List.Item>
                )}
                <List.Item>
                  A new head or deputy has been sent a link by e-mail instead, which works for seven
                  days.
                </List.Item>
                <List.Item>
                  Link the new users to their groups, so that they see their pupils.
                </List.Item>
              </>
            )}
            {counts.rejected > 0 && (
              <List.Item>Mend the rows that were left out, and import that file as well.</List.Item>
            )}
            {counts.added + counts.rejected === 0 && <List.Item>Nothing: all is done.</List.Item>}
          </List>
        </>
      }
      actions={
        <>
          {counts.added > 0 && byDefault === true && (
            <ButtonLink to="/users" search={{ password: 'default' }}>
              See who has the default password
            </ButtonLink>
          )}
          {counts.added > 0 && byDefault === false && (
            <ButtonLink to="/users/claims">Print their slips</ButtonLink>
          )}
          {counts.rejected > 0 && <MendButton file={rowsToMend(made.id)} />}
          <ButtonLink to="/users/import" search={{}} variant="default">
            Import another file
          </ButtonLink>
        </>
      }
    >
      <UserRows made={made} counts={counts} />
    </ImportDone>
  );
}
