/** The third step: partial or full, the order of dates, classes, and what goes before the MIS. */
import { Alert, Button, Checkbox, Paper, Radio, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  type How,
  keepPupilImport,
  lookThroughPupils,
  type PupilImport,
} from '~/api/pupil-imports';
import { useMutation } from '~/app/mutation';
import { StepButtons } from '~/components/import/StepButtons';
import { ProblemAlert } from '~/components/messages';
import { CancelPupilImport } from './CancelPupilImport';
import type { Draft } from './useDraft';
import { DATE_ORDERS, type Field } from './words';

interface HowMeantProps {
  made: PupilImport;
  draft: Draft;
  onBack: () => void;
  onLookedThrough: () => void;
}

export function HowMeant({ made, draft, onBack, onLookedThrough }: HowMeantProps) {
  const queryClient = useQueryClient();
  const { how, setHow } = draft;
  const samples = (field: Field) => samplesOf(made, draft, field);
  const dates = samples('date_of_birth');
  const classes = samples('class_name');
  const look = useMutation({
    mutationFn: () => lookThroughPupils(made.id, { columns: draft.columns.chosen, ...how }),
    onSuccess: (previewed) => {
      keepPupilImport(queryClient, previewed);
      onLookedThrough();
    },
  });
  const missing = stillToSay(how, dates !== undefined, classes !== undefined);
  return (
    <Stack gap="lg">
      {look.error && <ProblemAlert problem={look.error} />}
      <Scope how={how} onChange={setHow} />
      {dates && <Dates how={how} onChange={setHow} samples={dates} />}
      {classes && <Classes how={how} onChange={setHow} samples={classes} />}
      <Options how={how} onChange={setHow} />
      <StepButtons cancel={<CancelPupilImport importId={made.id} />} missing={missing}>
        <Button variant="default" onClick={onBack}>
          Back to the columns
        </Button>
        <Button
          onClick={() => look.mutate()}
          loading={look.isPending}
          disabled={missing !== undefined}
        >
          Show the preview
        </Button>
      </StepButtons>
    </Stack>
  );
}

/** What stands in the first rows of the column that is used for a field; nothing without one. */
function samplesOf(made: PupilImport, draft: Draft, field: Field): string | undefined {
  const used = draft.columns.chosen.find((one) => one.field === field);
  const column = made.columns.find((one) => one.column === used?.column);
  return column && (column.samples.join(', ') || 'empty in the first rows');
}

function stillToSay(how: How, dates: boolean, classes: boolean): string | undefined {
  if (dates && !how.date_order) return 'Say in which order the dates are written.';
  if (classes && !how.classes) return 'Say what happens to the classes pupils are in.';
  return undefined;
}

interface QuestionProps {
  how: How;
  onChange: (changed: Partial<How>) => void;
}

interface QuestionCardProps {
  title: string;
  /** What the first rows of the file have. */
  samples?: string;
  children: ReactNode;
}

function Question({ title, samples, children }: QuestionCardProps) {
  return (
    <Paper p="lg" component="section" aria-label={title}>
      <Title order={2} mb={samples ? 0 : 'md'}>
        {title}
      </Title>
      {samples && (
        <Text mb="md" c="dimmed">
          In the first rows: {samples}
        </Text>
      )}
      {children}
    </Paper>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value | null;
  choices: readonly { value: Value; label: string; description?: string }[];
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, choices, onChange }: ChoiceProps<Value>) {
  return (
    <Radio.Group
      aria-label={label}
      value={value}
      onChange={(chosen) => {
        const found = choices.find((one) => one.value === chosen);
        if (found) onChange(found.value);
      }}
    >
      <Stack gap="sm">
        {choices.map((one) => (
          <Radio key={one.value} {...one} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Scope({ how, onChange }: QuestionProps) {
  const title = 'Is this some pupils, or the whole school?';
  return (
    <Question title={title}>
      <Stack>
        <Choice
          label={title}
          value={how.scope}
          choices={[
            {
              value: 'partial',
              label: 'Partial import: add and update the pupils in this file',
              description: 'Nobody else is touched. For a few pupils, one class, or corrections.',
            },
            {
              value: 'full',
              label: 'Full import: this file is the whole school',
              description:
                'Pupils in the file are added and updated. Active pupils who are not in it become inactive. For setting up, or for a complete list of who is on roll.',
            },
          ]}
          onChange={(scope) => onChange({ scope })}
        />
        {how.scope === 'full' && (
          <Alert color="amber" icon={<TriangleAlert aria-hidden />}>
            <Text size="sm">
              Choose this only if every pupil of the school is in this one file. The preview lists
              everybody who would become inactive, and nothing happens before you confirm it.
            </Text>
          </Alert>
        )}
      </Stack>
    </Question>
  );
}

function Dates({ how, onChange, samples }: QuestionProps & { samples: string }) {
  const title = 'How are the dates of birth written?';
  return (
    <Question title={title} samples={samples}>
      <Choice
        label={title}
        value={how.date_order}
        choices={DATE_ORDERS}
        onChange={(order) => onChange({ date_order: order })}
      />
    </Question>
  );
}

function Classes({ how, onChange, samples }: QuestionProps & { samples: string }) {
  const title = 'What about classes?';
  return (
    <Question title={title} samples={samples}>
      <Choice
        label={title}
        value={how.classes}
        choices={[
          {
            value: 'replace',
            label: 'The class in the file takes the place of the one they are in',
            description: 'Where pupils change class, or are new. Other groups stay as they are.',
          },
          {
            value: 'add',
            label: 'The class in the file is added to those they are in',
            description: 'Where pupils are in several classes at once.',
          },
        ]}
        onChange={(classes) => onChange({ classes })}
      />
      <Checkbox
        mt="lg"
        checked={how.make_classes}
        onChange={(event) => onChange({ make_classes: event.currentTarget.checked })}
        label="Make classes that are not here yet"
        description="The preview lists them. Without this, a row with a class that is not here is rejected."
      />
    </Question>
  );
}

function Options({ how, onChange }: QuestionProps) {
  return (
    <Question title="Options">
      <Stack>
        <Checkbox
          checked={how.keep_over_mis}
          onChange={(event) => onChange({ keep_over_mis: event.currentTarget.checked })}
          label="Keep these details over the MIS"
          description="The overnight sync leaves them as they are imported. Without this, the MIS goes on keeping them up to date."
        />
        <Checkbox
          checked={how.same_pupils}
          onChange={(event) => onChange({ same_pupils: event.currentTarget.checked })}
          label="The same names and date of birth are the same pupil"
          description="For rows without a UPN that is here. Without this, such a row is rejected, so that nobody is mistaken for another."
        />
      </Stack>
    </Question>
  );
}
