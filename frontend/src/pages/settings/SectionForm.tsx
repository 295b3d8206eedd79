/** The frame of a section's form: what is wrong, what others changed meanwhile, saving, undoing. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '~/api/problem';
import { ProblemAlert } from '~/components/messages';
import { whatIsThereNow } from './changed-meanwhile';
import type { SectionState } from './useSection';

interface SectionFormProps<Values extends object> {
  state: SectionState<Values>;
  submit: string;
  /** The fields as the page calls them. */
  labels: Readonly<Record<string, string>>;
  /** A field's value as the page says it. */
  inWords: (name: string, value: unknown) => string;
  children: ReactNode;
}

export function SectionForm<Values extends object>(props: SectionFormProps<Values>) {
  const { state, submit, children } = props;
  const { form, unsaved, busy } = state;
  return (
    <form onSubmit={form.onSubmit(state.send, state.showFirst)} noValidate>
      <Stack>
        {children}
        <NotSaved {...props} />
        <Group justify="flex-end">
          {unsaved && (
            <Button variant="default" onClick={state.undo} disabled={busy}>
              Undo my changes
            </Button>
          )}
          <Button type="submit" loading={busy} disabled={!unsaved}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Why nothing was saved, beside the button that was pressed. */
function NotSaved<Values extends object>(props: SectionFormProps<Values>) {
  const { problem, form, startAgain } = props.state;
  if (!problem) return null;
  if (!(problem instanceof ProblemError)) return <ProblemAlert problem={problem} />;
  if (problem.slug === 'changed-meanwhile') {
    return (
      <Alert color="brick" icon={<CircleAlert aria-hidden />} title={problem.title} role="alert">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{problem.detail}</Text>
          <List size="sm">
            {whatIsThereNow(problem, props.labels, props.inWords).map(({ label, now }) => (
              <List.Item key={label}>
                {label} is now: <b>{now}</b>
              </List.Item>
            ))}
          </List>
          <Button size="xs" color="brick" variant="outline" onClick={startAgain}>
            Show what is there now
          </Button>
        </Stack>
      </Alert>
    );
  }
  if (Object.keys(form.errors).length > 0) {
    return (
      <Alert color="brick" icon={<CircleAlert aria-hidden />} title="Not saved yet" role="alert">
        <Text size="sm">Please correct what is marked in red above, then save again.</Text>
      </Alert>
    );
  }
  return <ProblemAlert problem={problem} />;
}
