/** What the list pages share: search, filters, the table, and moving from page to page. */
import { Button, Group, Paper, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { ChevronLeft, ChevronRight, Search, SlidersHorizontal } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { counted, formatNumber } from '~/school/words';
import { Loading, ProblemAlert } from './messages';

export const PAGE_SIZE = 50;

/** The cursors that led to this page. They belong to one search, order and choice of filters. */
export function useCursorPages(query: object) {
  const key = JSON.stringify(query);
  const [visited, setVisited] = useState<{ key: string; cursors: string[] }>({ key, cursors: [] });
  const cursors = visited.key === key ? visited.cursors : [];
  return {
    cursor: cursors.at(-1),
    first: cursors.length * PAGE_SIZE + 1,
    next: (cursor: string) => setVisited({ key, cursors: [...cursors, cursor] }),
    previous:
      cursors.length > 0 ? () => setVisited({ key, cursors: cursors.slice(0, -1) }) : undefined,
  };
}

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  onSearch: (search: string | undefined) => void;
}

export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 250);
  return (
    <TextInput
      label={label}
      type="search"
      defaultValue={value}
      onChange={(event) => search(event.currentTarget.value)}
      leftSection={<Search size={17} aria-hidden />}
      style={{ flex: '2 1 16rem' }}
    />
  );
}

interface FilterProps<Value extends string> {
  label: string;
  /** What stands in the field while nothing is filtered. */
  all: string;
  value: Value | undefined;
  options: { value: Value; label: string }[];
  /** Where there are so many that one types to find one. */
  searchable?: boolean;
  onChange: (value: Value | undefined) => void;
}

export function Filter<Value extends string>(props: FilterProps<Value>) {
  const { label, all, value, options, searchable = false, onChange } = props;
  return (
    <Select
      label={label}
      searchable={searchable}
      data={[{ value: '', label: all }, ...options]}
      value={value ?? ''}
      onChange={(chosen) => onChange(options.find((option) => option.value === chosen)?.value)}
      style={{ flex: '1 1 9rem', maxWidth: '20rem' }}
    />
  );
}

interface MoreFiltersProps {
  /** How many of them are set. */
  set: number;
  children: ReactNode;
}

/** A line of filters; on a phone, where they would push the list away, they open by a button. */
export function MoreFilters({ set, children }: MoreFiltersProps) {
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <>
      <Button
        hiddenFrom="sm"
        variant="default"
        leftSection={<SlidersHorizontal size={17} aria-hidden />}
        aria-expanded={opened}
        onClick={toggle}
      >
        {set > 0 ? `Filters (${set})` : 'Filters'}
      </Button>
      <Group
        align="flex-end"
        gap="sm"
        visibleFrom={opened ? undefined : 'sm'}
        style={{ flex: '1 1 100%' }}
      >
        {children}
      </Group>
    </>
  );
}

interface ActiveFilterProps {
  active: false | undefined;
  onChange: (active: false | undefined) => void;
}

/** Nothing is deleted, so every list can show its inactive ones (R6). */
export function ActiveFilter({ active, onChange }: ActiveFilterProps) {
  return (
    <Filter
      label="Active"
      all="Active"
      value={active === false ? 'no' : undefined}
      options={[{ value: 'no', label: 'Inactive' }]}
      onChange={(choice) => onChange(choice && false)}
    />
  );
}

interface ListResult<Row> {
  data?: { items: Row[]; next_cursor: string | null; total: number };
  error: Error | null;
  isPlaceholderData: boolean;
  refetch: () => unknown;
}

interface ListProps<Row> {
  filters: ReactNode;
  result: ListResult<Row>;
  pages: ReturnType<typeof useCursorPages>;
  /** What is listed: `pupil` for '420 pupils'. */
  thing: string;
  empty: ReactNode;
  children: (rows: Row[], busy: boolean) => ReactNode;
}

export function List<Row>({ filters, result, pages, thing, empty, children }: ListProps<Row>) {
  const { data } = result;
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <Group component="search" align="flex-end" gap="sm" p="md">
        {filters}
      </Group>
      {result.error ? (
        <div style={{ padding: 16 }}>
          <ProblemAlert problem={result.error} onRetry={() => result.refetch()} />
        </div>
      ) : data ? (
        <>
          {data.total > 0 ? children(data.items, result.isPlaceholderData) : empty}
          <Pages data={data} pages={pages} thing={thing} />
        </>
      ) : (
        <Loading />
      )}
    </Paper>
  );
}

interface PagesProps {
  data: { items: unknown[]; next_cursor: string | null; total: number };
  pages: ReturnType<typeof useCursorPages>;
  thing: string;
}

export function Pages({ data, pages, thing }: PagesProps) {
  const { items, next_cursor: next, total } = data;
  const { previous } = pages;
  const last = pages.first + items.length - 1;
  const shown =
    items.length === total
      ? counted(total, thing)
      : `${formatNumber(pages.first)}–${formatNumber(last)} of ${counted(total, thing)}`;
  return (
    <Group justify="space-between" p="md">
      <Text size="sm" c="dimmed" role="status">
        {shown}
      </Text>
      {(previous || next) && (
        <Group component="nav" aria-label="Pages" gap="xs">
          <Button
            variant="default"
            size="xs"
            disabled={!previous}
            onClick={() => previous?.()}
            leftSection={<ChevronLeft size={16} aria-hidden />}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={!next}
            onClick={() => next && pages.next(next)}
            rightSection={<ChevronRight size={16} aria-hidden />}
          >
            Next
          </Button>
        </Group>
      )}
    </Group>
  );
}
