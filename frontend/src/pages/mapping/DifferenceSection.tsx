/** All differences of one kind, with what can be done to the selected ones at once. */
import { Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { Difference } from '~/api/mis';
import { counted } from '~/school/words';
import { actionsFor, isTryAgain, suggestedChoice } from './choices';
import { DifferenceCard } from './DifferenceCard';
import classes from './DifferenceCard.module.css';
import type { Section } from './sections';
import type { ChoiceState } from './useChoices';

interface DifferenceSectionProps {
  section: Section;
  state: ChoiceState;
  /** By difference: why it was not saved. */
  problems: ReadonlyMap<string, string>;
}

export function DifferenceSection({ section, state, problems }: DifferenceSectionProps) {
  const heading = useId();
  const { differences } = section;
  return (
    <Stack component="section" aria-labelledby={heading} gap="sm">
      <div>
        <Title order={2} id={heading}>
          {section.title} ({differences.length})
        </Title>
        <Text c="dimmed">{section.explanation}</Text>
      </div>
      {differences.length > 1 && <BulkActions section={section} state={state} />}
      <ul className={classes.list}>
        {differences.map((difference) => (
          <DifferenceCard
            key={difference.id}
            difference={difference}
            choice={state.choices.get(difference.id)}
            selected={state.selected.has(difference.id)}
            problem={problems.get(difference.id)}
            onSelect={state.select}
            onDecide={state.decide}
          />
        ))}
      </ul>
    </Stack>
  );
}

function BulkActions({ section, state }: Omit<DifferenceSectionProps, 'problems'>) {
  const { differences } = section;
  const selected = differences.filter(({ id }) => state.selected.has(id));
  const everySelected = selected.length === differences.length;
  const ids = selected.map(({ id }) => id);
  const all = differences.map(({ id }) => id);
  const canCreate = selected.some((one) => actionsFor(one).includes('create'));
  const canIgnore = selected.some((one) => actionsFor(one).includes('ignore'));
  const suggested = selected.filter((one: Difference) => suggestedChoice(one));
  return (
    <Group gap="sm" mih={34}>
      <Checkbox
        label={`Select all ${section.differences.length}`}
        checked={everySelected}
        indeterminate={selected.length > 0 && !everySelected}
        onChange={() => state.select(all, !everySelected)}
      />
      {selected.length > 0 && (
        <Group
          gap={6}
          role="group"
          aria-label={`For the ${counted(selected.length, 'selected one')}`}
        >
          <Button
            size="xs"
            variant="light"
            disabled={suggested.length === 0}
            onClick={() => state.follow(suggested)}
          >
            Use the suggestions
          </Button>
          {canCreate && (
            <Button
              size="xs"
              variant="light"
              onClick={() => state.decide(ids, { action: 'create' })}
            >
              {selected.every(isTryAgain) ? 'Try again' : 'Create'}
            </Button>
          )}
          {canIgnore && (
            <Button
              size="xs"
              variant="light"
              onClick={() => state.decide(ids, { action: 'ignore' })}
            >
              Ignore
            </Button>
          )}
          <Text size="sm" c="dimmed">
            {counted(selected.length, 'selected', 'selected')}
          </Text>
        </Group>
      )}
    </Group>
  );
}
