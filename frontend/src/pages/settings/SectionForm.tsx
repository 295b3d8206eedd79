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
  const { state, submit, labels, inWords, children } = props;
  const { form, problem, unsaved, busy } = state;
  const outdated = problem instanceof ProblemError && problem.slug === 'changed-meanwhile';
  return (
    <form onSubmit={form.onSubmit(state.send)} noValidate>
      <Stack>
        {outdated ? (
          <Alert
            color="brick"
            icon={<CircleAlert aria-hidden />}
            title={problem.title}
            role="alert"
          >
            <Stack gap="sm" align="flex-start">
              <Text size="sm">{problem.detail}</Text>
              <List size="sm">
                {whatIsThereNow(problem, labels, inWords).map(({ label, now }) => (
                  <List.Item key={label}>
                    {label} is now: <b>{now}</b>
                  </List.Item>
                ))}
              </List>
              <Button size="xs" color="brick" variant="outline" onClick={state.startAgain}>
                Show what is there now
              </Button>
            </Stack>
          </Alert>
        ) : (
          problem && <ProblemAlert problem={problem} />
        )}
        {children}
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
