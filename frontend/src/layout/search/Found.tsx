/** What was found, each with what it is; or that nothing was, and where to go on. */
import { Badge, Combobox, Group, Text, VisuallyHidden } from '@mantine/core';
import { FEWEST } from '~/api/search';
import { counted } from '~/school/words';
import type { Hit } from './hits';
import classes from './Search.module.css';
import type { Hits } from './useHits';

/** Where who finds nothing can go on. */
export const ELSEWHERE: readonly Hit[] = [
  { id: 'help', label: 'All help pages', href: '/help' },
  { id: 'contact', label: 'Contact us', href: '/contact' },
];

interface FoundProps {
  text: string;
  hits: Hits;
  /** What the id of each line begins with, before its address. */
  ids: string;
}

export function Found({ text, hits, ids }: FoundProps) {
  const { groups, searching, missing } = hits;
  const nothing = text.length >= FEWEST && !searching && groups.length === 0;
  const many = groups.reduce((sum, group) => sum + group.hits.length, 0);
  return (
    <>
      <Combobox.Options aria-label="What was found">
        {groups.map((group) => (
          <Combobox.Group key={group.label} label={group.label}>
            {group.hits.map((hit) => (
              <Line key={hit.href} hit={hit} ids={ids} />
            ))}
          </Combobox.Group>
        ))}
        {nothing && (
          <Combobox.Group label={`Nothing found for ‘${text}’`}>
            {ELSEWHERE.map((hit) => (
              <Line key={hit.href} hit={hit} ids={ids} />
            ))}
          </Combobox.Group>
        )}
      </Combobox.Options>
      {missing && (
        <Text size="sm" p="xs" fw={600} role="alert">
          {missing}
        </Text>
      )}
      {searching && groups.length === 0 && (
        <Text size="sm" p="xs" c="dimmed">
          Searching…
        </Text>
      )}
      <VisuallyHidden role="status">
        {!searching &&
          text.length >= FEWEST &&
          (nothing ? 'Nothing found' : counted(many, 'result'))}
      </VisuallyHidden>
    </>
  );
}

function Line({ hit, ids }: { hit: Hit; ids: string }) {
  return (
    <Combobox.Option id={`${ids}${hit.href}`} value={hit.href} className={classes.line}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text fw={600} size="sm" c={hit.inactive ? 'dimmed' : undefined}>
          {hit.label}
        </Text>
        {hit.inactive && (
          <Badge color="gray" style={{ flexShrink: 0 }}>
            Inactive
          </Badge>
        )}
      </Group>
      {hit.about && (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {hit.about}
        </Text>
      )}
    </Combobox.Option>
  );
}
