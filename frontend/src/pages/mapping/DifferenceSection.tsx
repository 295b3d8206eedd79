/** All differences of one kind, with what can be done to the selected ones at once. */
import { Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { Difference } from '~/api/mapping';
import { counted } from '~/school/words';
import { actionsFor, isTryAgain, suggestedChoice } from './choices';
import { DifferenceCard, MATCHES } from './DifferenceCard';
import classes from './DifferenceCard.module.css';
import { PlacePages, usePages } from './PlacePages';
import type { Section } from './sections';
import type { ChoiceState } from './useChoices';

const PAGE_SIZE = 20;

interface DifferenceSectionProps {
  section: Section;
  state: ChoiceState;
  /** By difference: why it was not saved. */
  problems: ReadonlyMap<string, string>;
}

export function DifferenceSection({ section, state, problems }: DifferenceSectionProps) {
  const heading = useId();
  const { differences } = section;
  const pages = usePages(differences, PAGE_SIZE);
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
        {pages.shown.map((difference) => (
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
      <PlacePages of={section.title} pages={pages} />
    </Stack>
  );
}

function BulkActions({ section, state }: Omit<DifferenceSectionProps, 'problems'>) {
  const { differences } = section;
  const selected = differences.filter(({ id }) => state.selected.has(id));
  const everySelected = selected.length === differences.length;
  const all = differences.map(({ id }) => id);
  const canCreate = selected.some((one) => actionsFor(one).includes('create'));
  const canIgnore = selected.some((one) => actionsFor(one).includes('ignore'));
  const suggested = selected.filter((one) => suggestedChoice(one));
  return (
    <Group gap="sm" mih={34}>
      <Checkbox
        label={`Select all ${section.differences.length}`}
        checked={everySelected}
        indeterminate={selected.length > 0 && !everySelected}
        onChange={() => state.select(all, !everySelected)}
      />
      <SelectAlike differences={differences} state={state} />
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
              onClick={() => state.decide(selected, { action: 'create' })}
            >
              {selected.every(isTryAgain) ? 'Try again' : 'Create'}
            </Button>
          )}
          {canIgnore && (
            <Button
              size="xs"
              variant="light"
              onClick={() => state.decide(selected, { action: 'ignore' })}
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

/** Where a section has several states: all that are new, or all that may match, in one go. */
function SelectAlike({ differences, state }: { differences: Difference[]; state: ChoiceState }) {
  const states = (Object.keys(MATCHES) as Difference['match'][])
    .map((match) => ({ match, alike: differences.filter((one) => one.match === match) }))
    .filter(({ alike }) => alike.length > 0);
  if (states.length < 2) return null;
  return (
    <Group gap={6} role="group" aria-label="Select by state">
      {states.map(({ match, alike }) => (
        <Button
          key={match}
          size="compact-sm"
          variant="subtle"
          onClick={() =>
            state.select(
              alike.map(({ id }) => id),
              true,
            )
          }
        >
          Select the {alike.length} ‘{MATCHES[match].name}’
        </Button>
      ))}
    </Group>
  );
}
