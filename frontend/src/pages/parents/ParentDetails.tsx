/** The details of a parent, to be changed. */
import { Button, Paper, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Parent, parentQuery, saveParent } from '~/api/parents';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { ParentForm, type ParentValues } from './ParentForm';

export function ParentDetails({ parent }: { parent: Parent }) {
  /** The parent as the form began with: a page that asks again overwrites nothing that is typed. */
  const [seen, setSeen] = useState(parent);
  /** Anew where somebody asks for what is there now. */
  const [begun, setBegun] = useState(0);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (values: ParentValues) =>
      saveParent(seen.id, {
        expected_version: seen.version,
        title: values.title.trim() || null,
        forename: values.forename.trim(),
        surname: values.surname.trim(),
        email: values.email.trim() || null,
      }),
    onSuccess: (saved) => {
      setSeen(saved);
      notifications.show({ color: 'leaf', title: 'Saved', message: 'The details were saved.' });
      return queryClient.invalidateQueries({ queryKey: ['parents'] });
    },
  });
  const outdated = save.error instanceof ProblemError && save.error.slug === 'changed-meanwhile';
  const startAgain = async () => {
    const now = await queryClient.fetchQuery({ ...parentQuery(parent.id), staleTime: 0 });
    save.reset();
    setBegun(begun + 1);
    setSeen(now);
  };
  // Children, links and being active are of another kind: what is typed here still stands.
  if (!save.isError && seen.version < parent.version && sameDetails(seen, parent)) setSeen(parent);
  return (
    <Paper component="section" aria-label="Details" p="md">
      <Title order={2} mb="xs">
        Details
      </Title>
      <ParentForm
        key={begun}
        initial={valuesOf(seen)}
        addressNeeded={parent.active}
        problem={save.error}
        busy={save.isPending}
        submit="Save the details"
        guarded
        onSubmit={(values) => save.mutate(values)}
        actions={
          outdated && (
            <Button variant="default" onClick={startAgain}>
              Show what is there now
            </Button>
          )
        }
      />
    </Paper>
  );
}

function valuesOf(parent: Parent): ParentValues {
  return {
    title: parent.title ?? '',
    forename: parent.forename,
    surname: parent.surname,
    email: parent.email ?? '',
  };
}

function sameDetails(one: Parent, other: Parent): boolean {
  return JSON.stringify(valuesOf(one)) === JSON.stringify(valuesOf(other));
}
