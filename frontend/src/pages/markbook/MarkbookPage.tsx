/** Markbook: attainment, effort and comments of a group, by subject and term (R26). */
import {
  Alert,
  Button,
  EmptyState,
  Group,
  Menu,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Text,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, Ellipsis, FileUp, Lock, MessageSquareQuote, UsersRound } from 'lucide-react';
import { type Markbook, markbookQuery, marksFile, type Place } from '~/api/markbook';
import type { Session } from '~/api/session';
import { MenuLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { CommentGrid } from './CommentGrid';
import { type Chosen, chosenIn } from './chosen';
import classes from './Grid.module.css';
import { MarkGrid } from './MarkGrid';
import { whyClosed } from './words';

const route = getRouteApi('/signed-in/staff/markbook');

export function MarkbookPage({ session }: { session: Session }) {
  const { data, error, refetch } = useQuery(markbookQuery);
  const search = route.useSearch();
  const chosen = data && chosenIn(data, search);
  return (
    <>
      <PageHeader
        title="Markbook"
        area="Assessment"
        description="What you type is saved as you go. Type a band’s code to set it; the arrow keys and Enter go from pupil to pupil."
        actions={chosen && <More chosen={chosen} />}
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && !chosen && <NoGroups />}
      {data && chosen && <Book book={data} chosen={chosen} account={session.account.id} />}
    </>
  );
}

interface BookProps {
  book: Markbook;
  chosen: Chosen;
  account: string;
}

function Book({ book, chosen, account }: BookProps) {
  const { group, subject, term, general } = chosen;
  const closed = whyClosed(term);
  const place: Place = { group: group.id, subject: subject?.id ?? '', term: term.id };
  return (
    <Stack>
      <Choices book={book} chosen={chosen} />
      {closed && (
        <Alert color="slate" icon={<Lock aria-hidden />} role="status" title="Only for reading">
          <Text size="sm">{closed}</Text>
        </Alert>
      )}
      {general && (
        <CommentGrid
          key={`${group.id} ${term.id}`}
          account={account}
          book={book}
          group={group.id}
          term={term.id}
          caption={`General comments on ${group.name}, ${term.name} ${term.academic_year}`}
        />
      )}
      {!general && subject && (
        <MarkGrid
          key={`${group.id} ${subject.id} ${term.id}`}
          account={account}
          book={book}
          place={place}
          caption={`${group.name}: ${subject.name}, ${term.name} ${term.academic_year}`}
        />
      )}
      {!general && !subject && (
        <Text>No subject is taught in the year groups of {group.name} yet.</Text>
      )}
    </Stack>
  );
}

function Choices({ book, chosen }: { book: Markbook; chosen: Chosen }) {
  const navigate = route.useNavigate();
  const { group, subject, term, subjects, general } = chosen;
  const choose = (changed: { group?: string; subject?: string; term?: string; show?: 'general' }) =>
    navigate({ search: (before) => ({ ...before, ...changed }) });
  return (
    <Paper p="md">
      <Group align="flex-end" gap="md">
        <Select
          className={classes.choice}
          label="Class or set"
          searchable
          value={group.id}
          data={book.groups.map(({ id, name, kind }) => ({
            value: id,
            label: kind === 'class' ? name : `${name} (set)`,
          }))}
          onChange={(id) => id && choose({ group: id })}
        />
        <Select
          className={classes.choice}
          label="Term"
          value={term.id}
          data={book.terms.map(({ id, name, academic_year, state }) => ({
            value: id,
            label: state === 'earlier_year' ? `${name} ${academic_year}` : name,
          }))}
          onChange={(id) => id && choose({ term: id })}
        />
        {!general && (
          <Select
            className={classes.choice}
            label="Subject"
            value={subject?.id ?? null}
            data={subjects.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => id && choose({ subject: id })}
          />
        )}
        {group.kind === 'class' && (
          <SegmentedControl
            aria-label="What to write"
            value={general ? 'general' : 'subject'}
            data={[
              { value: 'subject', label: 'By subject' },
              { value: 'general', label: 'General comments' },
            ]}
            onChange={(show) => choose({ show: show === 'general' ? 'general' : undefined })}
          />
        )}
      </Group>
    </Paper>
  );
}

function More({ chosen }: { chosen: Chosen }) {
  const { group, subject, term } = chosen;
  const place = subject && { group: group.id, subject: subject.id, term: term.id };
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button variant="default" leftSection={<Ellipsis size={18} aria-hidden />}>
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {place && term.state === 'open' && (
          <MenuLink
            to="/markbook/import"
            search={place}
            leftSection={<FileUp size={17} aria-hidden />}
          >
            Import marks
          </MenuLink>
        )}
        {place && (
          <Menu.Item
            component="a"
            href={marksFile(place)}
            download
            leftSection={<Download size={17} aria-hidden />}
          >
            Export as CSV
          </Menu.Item>
        )}
        <MenuLink
          to="/markbook/statements"
          leftSection={<MessageSquareQuote size={17} aria-hidden />}
        >
          Statement bank
        </MenuLink>
      </Menu.Dropdown>
    </Menu>
  );
}

function NoGroups() {
  return (
    <Paper>
      <EmptyState
        icon={<UsersRound aria-hidden />}
        variant="light"
        py="xl"
        title="You are not linked to any group yet"
        description="Your school’s administrator can link you to your classes in Group Management."
      />
    </Paper>
  );
}
