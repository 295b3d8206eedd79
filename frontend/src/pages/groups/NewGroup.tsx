/** Adding one group by hand. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { addOneGroup } from '~/api/groups';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { GroupForm } from './GroupForm';
import { detailsOf, type GroupValues, NO_GROUP } from './group-form';

export function NewGroup() {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: (values: GroupValues) => addOneGroup(detailsOf(values)),
    onSuccess: (group) => {
      queryClient.invalidateQueries({ queryKey: ['roster'] });
      return navigate({ to: '/groups/$groupId', params: { groupId: group.id } });
    },
  });
  const close = () => {
    dialog.close();
    add.reset();
  };
  return (
    <>
      <Button leftSection={<Plus size={17} aria-hidden />} onClick={dialog.open}>
        New group
      </Button>
      <Dialog opened={open} onClose={close} title="New group" size="lg">
        <GroupForm
          initial={NO_GROUP}
          problem={add.error}
          busy={add.isPending}
          submit="Add the group"
          onSubmit={(values) => add.mutate(values)}
          actions={
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          }
        />
      </Dialog>
    </>
  );
}
