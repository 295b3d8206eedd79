/** Pages of a list that is here whole, so that hundreds of cards do not stand on one page. */
import { Button, Group, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatNumber } from '~/school/words';

export function usePages<Item>(items: readonly Item[], size: number) {
  const [wanted, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(items.length / size) - 1);
  const page = Math.min(wanted, last);
  return {
    shown: items.slice(page * size, (page + 1) * size),
    first: page * size + 1,
    total: items.length,
    previous: page > 0 ? () => setPage(page - 1) : undefined,
    next: page < last ? () => setPage(page + 1) : undefined,
  };
}

interface PlacePagesProps {
  /** What is listed, so that several such lists on a page are told apart. */
  of: string;
  pages: ReturnType<typeof usePages>;
}

export function PlacePages({ of, pages }: PlacePagesProps) {
  const { shown, first, total, previous, next } = pages;
  if (!previous && !next) return null;
  return (
    <Group component="nav" aria-label={`Pages of ${of}`} justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {formatNumber(first)}–{formatNumber(first + shown.length - 1)} of {formatNumber(total)}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          disabled={!previous}
          onClick={previous}
          leftSection={<ChevronLeft size={16} aria-hidden />}
        >
          Previous
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={!next}
          onClick={next}
          rightSection={<ChevronRight size={16} aria-hidden />}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
