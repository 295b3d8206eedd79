/** Another username is another account: the new one made and the old one left, in one step (R7, R8). */
import { Button, List } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { replaceOneUser, type User } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { UserForm } from './UserForm';
import { detailsOf, type UserValues, valuesOf } from './user-form';

export function ReplaceUser({ user }: { user: User }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const replace = useMutation({
    mutationFn: (values: UserValues) =>
      replaceOneUser(user.id, { ...detailsOf(values), expected_version: user.version }),
    onSuccess: (made) => {
      queryClient.invalidateQueries({ queryKey: ['users'] });
      return navigate({
        to: '/users/$userId',
        params: { userId: made.id },
        search: { replaces: user.id },
      });
    },
  });
  const close = () => {
    dialog.close();
    replace.reset();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        New account with another username
      </Button>
      <Dialog opened={open} onClose={close} title="New account for this person" size="lg">
        <UserForm
          initial={valuesOf(user)}
          problem={replace.error}
          busy={replace.isPending}
          submit="Make the new account"
          onSubmit={(values) => replace.mutate(values)}
          actions={
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          }
        >
          <List spacing="xs">
            <List.Item>
              A new account is made. Its username comes from your postcode and the surname given
              here, so correct the surname first.
            </List.Item>
            <List.Item>
              The account {user.username} is made inactive, and signed out. It can be made active
              again at any time.
            </List.Item>
            <List.Item>
              The e-mail address moves to the new account if you leave it as it is here.
            </List.Item>
            <List.Item>
              The groups can be linked to the new account in the next step. If the person is in your
              MIS, map their MIS record to the new account too.
            </List.Item>
          </List>
        </UserForm>
      </Dialog>
    </>
  );
}
