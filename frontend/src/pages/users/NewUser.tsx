/** Adding one user by hand: what they get, and what is told afterwards (R2, R7, R8). */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { addOneUser } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { UserForm } from './UserForm';
import { detailsOf, NOBODY, type UserValues } from './user-form';

export function NewUser({ byDefault }: { byDefault: boolean }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: (values: UserValues) => addOneUser(detailsOf(values)),
    onSuccess: (user) => {
      queryClient.invalidateQueries({ queryKey: ['users'] });
      return navigate({ to: '/users/$userId', params: { userId: user.id } });
    },
  });
  const close = () => {
    dialog.close();
    add.reset();
  };
  return (
    <>
      <Button leftSection={<UserRoundPlus size={17} aria-hidden />} onClick={dialog.open}>
        New user
      </Button>
      <Dialog opened={open} onClose={close} title="New user" size="lg">
        <UserForm
          initial={NOBODY}
          problem={add.error}
          busy={add.isPending}
          submit="Add the user"
          onSubmit={(values) => add.mutate(values)}
          actions={
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          }
        >
          <Text>
            The username is made from your postcode and the surname, and never changes. The user
            signs in with it and{' '}
            {byDefault
              ? 'the school’s default password'
              : 'a starting code, which you print on a slip afterwards'}
            , and then chooses their own. A head or deputy is sent a link by e-mail instead.
          </Text>
        </UserForm>
      </Dialog>
    </>
  );
}
