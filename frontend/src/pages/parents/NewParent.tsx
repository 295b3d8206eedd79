/** Adding one parent by hand; where the address is a parent's already, adding the child there (R8). */
import { Alert, Button, CloseButton, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { addOneParent, changeChild } from '~/api/parents';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { ChildPicker, type ChosenChild } from './ChildPicker';
import { NOBODY, ParentForm, type ParentValues } from './ParentForm';

export function NewParent() {
  const [open, dialog] = useDisclosure(false);
  const [children, setChildren] = useState<ChosenChild[]>([]);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const goTo = (parentId: string) => {
    queryClient.invalidateQueries({ queryKey: ['parents'] });
    return navigate({ to: '/parents/$parentId', params: { parentId } });
  };
  const add = useMutation({
    mutationFn: (values: ParentValues) =>
      addOneParent({
        title: values.title.trim() || null,
        forename: values.forename.trim(),
        surname: values.surname.trim(),
        email: values.email.trim(),
        children: children.map(({ id }) => id),
      }),
    onSuccess: ({ id }) => goTo(id),
  });
  const close = () => {
    dialog.close();
    setChildren([]);
    add.reset();
  };
  const there = parentThere(add.error);
  return (
    <>
      <Button leftSection={<UserRoundPlus size={17} aria-hidden />} onClick={dialog.open}>
        New parent
      </Button>
      <Dialog opened={open} onClose={close} title="New parent" size="lg">
        <ParentForm
          initial={NOBODY}
          addressNeeded
          problem={add.error}
          aboutProblem={
            there && (
              <AddToThatOne
                problem={add.error as ProblemError}
                parent={there}
                chosen={children}
                onDone={() => goTo(there.id)}
              />
            )
          }
          busy={add.isPending}
          submit="Add the parent"
          onSubmit={(values) => add.mutate(values)}
          actions={
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          }
        >
          <Stack gap="xs">
            <ChildPicker
              label="Children"
              taken={children.map(({ id }) => id)}
              onPick={(child) => setChildren((before) => [...before, child])}
            />
            <Chosen
              chosen={children}
              onRemove={(id) => setChildren((before) => before.filter((one) => one.id !== id))}
            />
          </Stack>
          <Text>
            The parent is sent a link by e-mail, which works for 14 days. They choose a password and
            give each child’s date of birth before they see anything.
          </Text>
        </ParentForm>
      </Dialog>
    </>
  );
}

interface ChosenProps {
  chosen: readonly ChosenChild[];
  onRemove: (id: string) => void;
}

function Chosen({ chosen, onRemove }: ChosenProps) {
  if (chosen.length === 0) return null;
  return (
    <Stack
      component="ul"
      aria-label="Chosen children"
      gap={4}
      m={0}
      p={0}
      style={{ listStyle: 'none' }}
    >
      {chosen.map(({ id, label }) => (
        <Group component="li" key={id} gap="xs">
          <Text fw={600}>{label}</Text>
          <CloseButton aria-label={`Remove: ${label}`} onClick={() => onRemove(id)} />
        </Group>
      ))}
    </Stack>
  );
}

interface ParentThere {
  id: string;
  name: string;
}

/** The parent of this school whose address it is, if that is what stands in the way. */
function parentThere(problem: Error | null): ParentThere | null {
  if (!(problem instanceof ProblemError) || problem.slug !== 'already-a-parent') return null;
  return problem.inTheWay ?? null;
}

interface AddToThatOneProps {
  problem: ProblemError;
  parent: ParentThere;
  chosen: readonly ChosenChild[];
  onDone: () => void;
}

function AddToThatOne({ problem, parent, chosen, onDone }: AddToThatOneProps) {
  const link = useMutation({
    mutationFn: async () => {
      for (const { id } of chosen) await changeChild('link', parent.id, id);
    },
    onSuccess: onDone,
  });
  return (
    <Alert color="amber" icon={<CircleAlert aria-hidden />} role="alert" title={problem.title}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problem.detail}</Text>
        {link.isError && <ProblemAlert problem={link.error} />}
        <Button size="xs" loading={link.isPending} onClick={() => link.mutate()}>
          {chosen.length === 0
            ? `Go to ${parent.name}`
            : `Add ${chosen.length === 1 ? 'the child' : 'the children'} to ${parent.name}`}
        </Button>
      </Stack>
    </Alert>
  );
}
