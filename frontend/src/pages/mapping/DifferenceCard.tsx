/** One difference: both sides, the suggestion with its reason, and what is to be done. */
import { Badge, Button, Checkbox, Group, Paper, Text, Title, VisuallyHidden } from '@mantine/core';
import { Check } from 'lucide-react';
import { memo, type ReactNode, useId } from 'react';
import type { Difference } from '~/api/mapping';
import {
  actionsFor,
  type Choice,
  isComplete,
  isTryAgain,
  recordKindOf,
  suggestedChoice,
} from './choices';
import classes from './DifferenceCard.module.css';
import { factsOf } from './facts';
import { RecordPicker } from './RecordPicker';

interface DifferenceCardProps {
  difference: Difference;
  choice: Choice | undefined;
  selected: boolean;
  /** Why the last try to save it did not do so. */
  problem?: string;
  onSelect: (ids: string[], on: boolean) => void;
  onDecide: (differences: readonly Difference[], choice: Choice | undefined) => void;
}

export const DifferenceCard = memo(function DifferenceCard(props: DifferenceCardProps) {
  const { difference, choice, selected, problem, onSelect, onDecide } = props;
  const { id, label } = difference;
  const heading = useId();
  return (
    <li>
      <Paper
        className={classes.card}
        data-decided={isComplete(choice) || undefined}
        aria-labelledby={heading}
        role="group"
      >
        <Checkbox
          mt={2}
          aria-label={`Select ${label}`}
          checked={selected}
          onChange={(event) => onSelect([id], event.currentTarget.checked)}
        />
        <div className={classes.content}>
          <Group gap="sm" mb={4}>
            <Title order={3} id={heading}>
              {label}
            </Title>
            <StateBadge match={difference.match} choice={choice} />
          </Group>
          {difference.reason && <Text size="sm">{difference.reason}</Text>}
          <Facts label={label} mis={difference.mis} here={difference.suggestion} />
          {problem && (
            <Text size="sm" fw={600} c="brick.7" role="alert" mt="xs">
              Not saved: {problem}
            </Text>
          )}
        </div>
        <Decide
          difference={difference}
          choice={choice}
          onDecide={(next) => onDecide([difference], next)}
        />
      </Paper>
    </li>
  );
});

export const MATCHES: Record<Difference['match'], { name: string; color: string }> = {
  not_matched: { name: 'Not matched', color: 'slate' },
  may_match: { name: 'May match', color: 'amber' },
  new: { name: 'New', color: 'lagoon' },
  matched: { name: 'Matched', color: 'leaf' },
};

/** How it stands to what is here; once something is chosen, how it will. */
function StateBadge({ match, choice }: { match: Difference['match']; choice?: Choice }) {
  if (isComplete(choice) && choice?.action === 'ignore') {
    return <Badge color="slate">To be ignored</Badge>;
  }
  const chosen = choice?.action === 'create' ? 'new' : 'matched';
  const { name, color } = MATCHES[isComplete(choice) ? chosen : match];
  return <Badge color={color}>{name}</Badge>;
}

interface FactsProps {
  label: string;
  mis: Record<string, unknown>;
  /** The record here that it may be, or is. */
  here: { label: string; values: Record<string, unknown> } | null | undefined;
}

/** With a record here, both sides beside each other; without one, what the MIS says in a line. */
export function Facts({ label, mis: told, here: known }: FactsProps) {
  const facts = factsOf(label, told, known?.values);
  if (!known) {
    return (
      <dl className={classes.line}>
        {facts.map(({ name, mis }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{mis}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return (
    <table className={classes.facts}>
      <thead>
        <tr>
          <th scope="col">
            <VisuallyHidden>Detail</VisuallyHidden>
          </th>
          <th scope="col">In your MIS</th>
          <th scope="col">Here: {known.label}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(({ name, mis, here, differs }) => (
          <tr key={name} data-differs={differs || undefined}>
            <th scope="row">{name}</th>
            <td>{mis ?? '–'}</td>
            <td>
              {here ?? '–'}
              {differs && <VisuallyHidden> (differs)</VisuallyHidden>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DecideProps {
  difference: Difference;
  choice: Choice | undefined;
  onDecide: (choice: Choice | undefined) => void;
}

const ACTIONS: Record<Choice['action'], string> = {
  map: 'Map',
  create: 'Create',
  ignore: 'Ignore',
};

function Decide({ difference, choice, onDecide }: DecideProps) {
  const kind = recordKindOf(difference);
  const start = (action: Choice['action']): Choice => {
    if (action !== 'map') return { action };
    const suggested = suggestedChoice(difference);
    return suggested?.action === 'map' ? suggested : { action: 'map', record: null };
  };
  return (
    <div className={classes.decide}>
      <Group
        gap={6}
        className={classes.actions}
        role="group"
        aria-label={`What to do with ${difference.label}`}
      >
        {actionsFor(difference).map((action) => {
          const chosen = choice?.action === action;
          return (
            <Choose
              key={action}
              chosen={chosen}
              onClick={() => onDecide(chosen ? undefined : start(action))}
            >
              {action === 'create' && isTryAgain(difference) ? 'Try again' : ACTIONS[action]}
            </Choose>
          );
        })}
      </Group>
      {choice?.action === 'map' && kind && (
        <RecordPicker
          kind={kind}
          of={difference.label}
          value={choice.record}
          onChange={(record) => onDecide({ action: 'map', record })}
        />
      )}
    </div>
  );
}

interface ChooseProps {
  chosen: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Choose({ chosen, onClick, children }: ChooseProps) {
  return (
    <Button
      size="xs"
      variant={chosen ? 'filled' : 'default'}
      aria-pressed={chosen}
      leftSection={chosen && <Check size={15} aria-hidden />}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
