/**
 * A page's heading. It gives the browser's tab its title and, after a click on a link, takes the
 * focus, so that a screen reader begins where the new page begins.
 */
import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface PageHeaderProps {
  title: string;
  /** The tab this page belongs to, such as 'Data Management'. */
  area?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

/** On the first page after loading, the focus stays where the browser has put it. */
let arrivedByLink = false;

/** Whoever types, in the search at the top, while the page comes is not interrupted. */
function isTyping(): boolean {
  const field = document.activeElement;
  return (
    (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
    field.value !== ''
  );
}

export function PageHeader({ title, area, description, actions }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} – Classroom Monitor`;
  }, [title]);

  useEffect(() => {
    if (arrivedByLink && !isTyping()) heading.current?.focus({ preventScroll: true });
    arrivedByLink = true;
  }, []);

  return (
    <Group component="header" justify="space-between" align="flex-end" gap="md" mb="lg">
      <Stack gap={4} style={{ flex: '1 1 20rem' }}>
        {area && (
          <Text component="div" size="sm" c="dimmed">
            {area} <span aria-hidden>›</span>
          </Text>
        )}
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {description && (
          <Text c="dimmed" maw="46rem">
            {description}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}
