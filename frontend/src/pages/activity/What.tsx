/** One line of the log: its sentence, and behind it what was before and after, or each of many. */
import { Button, Group, List, Stack, Text, UnstyledButton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { createContext, useContext, useId, useState } from 'react';
import { type Activity, type ActivityFilters, activityOfOneGo } from '~/api/activity';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatNumber } from '~/school/words';

/** What is behind a line obeys the filters that the line was found by. */
const Filters = createContext<ActivityFilters>({});
export const FiltersInUse = Filters.Provider;

export function What({ line }: { line: Activity }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (line.alike === 1 && line.fields.length === 0) return <Sentence of={line} />;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <UnstyledButton
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Chevron size={18} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
          <Sentence of={line} />
        </Group>
      </UnstyledButton>
      {open && (
        <div id={id} style={{ paddingLeft: 28, paddingTop: 6 }}>
          {line.alike > 1 ? <EachOfMany line={line} /> : <BeforeAndAfter fields={line.fields} />}
        </div>
      )}
    </>
  );
}

function Sentence({ of }: { of: Activity }) {
  return (
    <Text component="span" inherit fw={600}>
      {of.sentence}
    </Text>
  );
}

function BeforeAndAfter({ fields }: { fields: Activity['fields'] }) {
  return (
    <List size="sm" listStyleType="none" spacing={2}>
      {fields.map((field) => (
        <List.Item key={field.name}>{told(field)}</List.Item>
      ))}
    </List>
  );
}

/** `Year group: 3, now 4`; of what is new, `Year group: 4`. */
function told({ name, before, after }: Activity['fields'][number]): string {
  return `${name}: ${before ? `${before}, now ` : ''}${after || 'nothing'}`;
}

function EachOfMany({ line }: { line: Activity }) {
  const filters = useContext(Filters);
  const each = useInfiniteQuery(activityOfOneGo(line, filters));
  const shown = each.data?.pages.flatMap((page) => page.items);
  if (each.error) return <ProblemAlert problem={each.error} onRetry={() => each.refetch()} />;
  if (!shown) return <Loading />;
  return (
    <Stack gap="sm" align="flex-start">
      <List size="sm" spacing="xs">
        {shown.map((one) => (
          <List.Item key={one.id}>
            {one.sentence}
            <Text size="sm" c="dimmed">
              {one.fields.map(told).join('; ')}
            </Text>
          </List.Item>
        ))}
      </List>
      {each.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={each.isFetchingNextPage}
          onClick={() => each.fetchNextPage()}
        >
          Show more of {formatNumber(line.alike)}
        </Button>
      )}
    </Stack>
  );
}
