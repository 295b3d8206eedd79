/** What is to be decided: searched and filtered, chosen one at a time or many at once, then saved. */
import { Alert, Button, EmptyState, Group, List, Paper, Stack, Text } from '@mantine/core';
import { CircleAlert, CircleCheckBig, SearchX, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Difference, MappingResult } from '~/api/mapping';
import type { Elsewhere, ProblemError } from '~/api/problem';
import { Filter, SearchField } from '~/components/ListPage';
import { NoMisDataYet } from '~/components/NoMisDataYet';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { counted, formatMoment } from '~/school/words';
import { chosenTwice, isCertain, type SavedMapping, savedMapping } from './choices';
import { MATCHES } from './DifferenceCard';
import classes from './DifferenceCard.module.css';
import { DifferenceSection } from './DifferenceSection';
import { found, type MappingSearch } from './mapping-search';
import { ReviewDialog } from './ReviewDialog';
import { sectionsOf } from './sections';
import { type ChoiceState, useChoices } from './useChoices';

interface ToMapProps {
  differences: readonly Difference[];
  search: MappingSearch;
  onSearch: (changed: MappingSearch) => void;
}

/** Keeps the choices while the list changes underneath, as it does when another admin decides. */
export function ToMap({ differences, search, onSearch }: ToMapProps) {
  const state = useChoices(differences);
  const [reviewing, setReviewing] = useState(false);
  const [outcome, setOutcome] = useState<SavedMapping>();
  const [elsewhere, setElsewhere] = useState<readonly Elsewhere[]>([]);
  const [cleared, setCleared] = useState(0);
  const told = useRef<HTMLDivElement>(null);
  const shown = found(differences, search);
  const certain = shown.filter((one) => isCertain(one) && !state.choices.has(one.id));
  const problems = new Map(outcome?.failed.map(({ id, detail }) => [id, detail]));

  // Saved is at the bottom of a long list, and what came of it stands above it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something new is told
  useEffect(() => {
    if (told.current?.hasChildNodes()) told.current.scrollIntoView();
  }, [outcome, elsewhere]);

  const showOutcome = (answer: MappingResult) => {
    setOutcome(savedMapping(answer, differences));
    setElsewhere([]);
    setReviewing(false);
    state.forget(answer.results.map((result) => result.difference_id));
  };
  const showConflict = ({ conflicts }: ProblemError) => {
    setElsewhere(conflicts);
    setOutcome(undefined);
    setReviewing(false);
    state.forget(conflicts.flatMap(({ difference_id: id }) => id ?? []));
  };

  const clear = () => {
    onSearch(NO_FILTERS);
    setCleared(cleared + 1);
  };

  return (
    <>
      <UnsavedChanges unsaved={state.decisions.length > 0} keptOnPage />
      <div ref={told} style={{ scrollMarginTop: 90 }}>
        {outcome && <Outcome outcome={outcome} />}
        {elsewhere.length > 0 && (
          <FasterThanUs conflicts={elsewhere} left={state.decisions.length} />
        )}
      </div>
      {differences.length === 0 && (
        <Paper>
          <NoMisDataYet otherwise={<NothingToMap />} />
        </Paper>
      )}
      {differences.length > 0 && (
        <Stack gap="xl">
          {(differences.length > SEEN_AT_ONCE || shown.length < differences.length) && (
            <Filters
              differences={differences}
              search={search}
              onSearch={onSearch}
              cleared={cleared}
            />
          )}
          {certain.length > 0 && (
            <Group>
              <Button variant="light" onClick={() => state.follow(certain)}>
                {certain.every(({ match }) => match === 'new')
                  ? `Create the ${certain.length} that ${certain.length === 1 ? 'is' : 'are'} new`
                  : `Use the ${counted(certain.length, 'certain suggestion')}`}
              </Button>
              <Text size="sm" c="dimmed">
                Nothing is saved until you say so. ‘May match’ is left for you to look at.
              </Text>
            </Group>
          )}
          {sectionsOf(shown).map((section) => (
            <DifferenceSection
              key={section.kind}
              section={section}
              state={state}
              problems={problems}
            />
          ))}
          {shown.length === 0 && <NothingFound onClear={clear} />}
        </Stack>
      )}
      {differences.length > 0 && (
        <SaveBar state={state} of={differences.length} onReview={() => setReviewing(true)} />
      )}
      {reviewing && (
        <ReviewDialog
          decisions={state.decisions}
          twice={chosenTwice(state.choices, differences)}
          onClose={() => setReviewing(false)}
          onSaved={showOutcome}
          onConflict={showConflict}
        />
      )}
    </>
  );
}

/** Among so few nobody has to search. */
const SEEN_AT_ONCE = 5;

const NO_FILTERS = { search: undefined, kind: undefined, match: undefined };

interface FiltersProps extends ToMapProps {
  /** Counts how often all of them were taken away, with which the field is emptied. */
  cleared: number;
}

function Filters({ differences, search, onSearch, cleared }: FiltersProps) {
  const kinds = sectionsOf(differences);
  const matches = (Object.keys(MATCHES) as Difference['match'][])
    .map((match) => ({ match, count: differences.filter((one) => one.match === match).length }))
    .filter(({ count }) => count > 0);
  return (
    <Group component="search" align="flex-end" gap="sm">
      <SearchField
        key={cleared}
        label="Search by name"
        value={search.search}
        onSearch={(text) => onSearch({ search: text })}
      />
      <Filter
        label="Kind"
        all={`All kinds (${differences.length})`}
        value={search.kind}
        options={kinds.map(({ kind, title, differences: of }) => ({
          value: kind,
          label: `${title} (${of.length})`,
        }))}
        onChange={(kind) => onSearch({ kind })}
      />
      <Filter
        label="State"
        all="All states"
        value={search.match}
        options={matches.map(({ match, count }) => ({
          value: match,
          label: `${MATCHES[match].name} (${count})`,
        }))}
        onChange={(match) => onSearch({ match })}
      />
    </Group>
  );
}

interface SaveBarProps {
  state: ChoiceState;
  of: number;
  onReview: () => void;
}

function SaveBar({ state, of, onReview }: SaveBarProps) {
  return (
    <Paper className={classes.bar}>
      <Group justify="space-between">
        <Text role="status">
          {state.decisions.length} of {counted(of, 'difference')} decided
        </Text>
        <Group gap="sm">
          <Button
            variant="default"
            onClick={state.clear}
            disabled={state.choices.size === 0 && state.selected.size === 0}
          >
            Clear
          </Button>
          <Button onClick={onReview} disabled={state.decisions.length === 0}>
            Review and save
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

/** R19: of two admins at once the second is told what the first did, and loses nothing else. */
function FasterThanUs({ conflicts, left }: { conflicts: readonly Elsewhere[]; left: number }) {
  return (
    <Alert
      mb="lg"
      color="amber"
      icon={<Users aria-hidden />}
      role="alert"
      title={`Not saved: somebody else was faster with ${conflicts.length}`}
    >
      <List size="sm">
        {conflicts.map(({ difference_id: id, label, detail, at }) => (
          <List.Item key={id ?? label}>
            <b>{label}</b>: {detail}
            {at && ` (${formatMoment(at)})`}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        {left > 0
          ? `Your ${left === 1 ? 'other choice is' : `${left} other choices are`} kept: review and save again.`
          : 'The list below is as it is now.'}
      </Text>
    </Alert>
  );
}

function Outcome({ outcome: { done, failed, runs } }: { outcome: SavedMapping }) {
  if (failed.length === 0) {
    return (
      <Alert mb="lg" color="leaf" icon={<CircleCheckBig aria-hidden />} role="status" title="Saved">
        {counted(done, 'decision')} saved.
        {runs && ' Users and links follow in a moment.'}
      </Alert>
    );
  }
  return (
    <Alert
      mb="lg"
      color="amber"
      icon={<CircleAlert aria-hidden />}
      role="alert"
      title={`${counted(failed.length, 'decision')} could not be saved`}
    >
      <Text size="sm">
        {done > 0 && `${counted(done, 'other decision')} ${done === 1 ? 'was' : 'were'} saved. `}
        The list below is as it is now; decide again what is still there.
      </Text>
      <List size="sm" mt="xs">
        {failed.map(({ id, label, detail }) => (
          <List.Item key={id}>
            <b>{label}</b>: {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <Paper>
      <EmptyState
        icon={<SearchX aria-hidden />}
        variant="light"
        py="xl"
        title="Nothing found"
        description="None of the differences fits this search and these filters."
      >
        <Button variant="default" onClick={onClear}>
          Show all
        </Button>
      </EmptyState>
    </Paper>
  );
}

function NothingToMap() {
  return (
    <EmptyState
      icon={<CircleCheckBig aria-hidden />}
      variant="light"
      py="xl"
      title="Nothing to map"
      description="Your MIS and Classroom Monitor agree. If they ever differ, the mapping alert on the home page says so. What is mapped stands under ‘Mapped’."
    />
  );
}
