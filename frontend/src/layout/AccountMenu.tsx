/** Who is signed in, and the way out. */
import { Button, Popover, Text } from '@mantine/core';
import { ChevronDown, CircleUserRound, LogOut, UserRoundCog } from 'lucide-react';
import { useState } from 'react';
import type { Session } from '~/api/session';
import { ButtonLink } from '~/components/links';
import classes from './AppLayout.module.css';
import { useSignOut } from './sign-out';

export function AccountMenu({ session }: { session: Session }) {
  const { account } = session;
  const [open, setOpen] = useState(false);
  const signOut = useSignOut();
  const name = account.kind === 'admin' ? 'Admin' : account.name;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={260}
      shadow="md"
      withinPortal={false}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="transparent"
          className={classes.account}
          px={{ base: 6, sm: 'md' }}
          aria-label={`${name}, account`}
          onClick={() => setOpen((before) => !before)}
        >
          <CircleUserRound size={22} aria-hidden />
          <Text component="span" inherit visibleFrom="sm" mx="xs" maw="14rem" truncate>
            {name}
          </Text>
          <ChevronDown size={16} aria-hidden />
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={600}>{account.name}</Text>
        <Text size="sm" c="dimmed">
          {account.username ?? account.email}
        </Text>
        {session.authenticator && (
          <Text size="sm" c="dimmed">
            Signed in with: {session.authenticator}
          </Text>
        )}
        <Text size="sm" c="dimmed" hiddenFrom="sm">
          {session.school.name}
        </Text>
        <ButtonLink
          to="/account"
          mt="sm"
          fullWidth
          variant="default"
          leftSection={<UserRoundCog size={18} aria-hidden />}
          onClick={() => setOpen(false)}
        >
          My account
        </ButtonLink>
        <Button
          mt="xs"
          fullWidth
          variant="default"
          leftSection={<LogOut size={18} aria-hidden />}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
