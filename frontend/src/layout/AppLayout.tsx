/** The frame of every page for someone who is signed in: header, navigation, the page itself. */
import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Session } from '~/api/session';
import { AccountMenu } from './AccountMenu';
import classes from './AppLayout.module.css';
import { HelpLink } from './HelpLink';
import { Navigation } from './Navigation';
import { SignInAgain } from './SignInAgain';
import { Search } from './search/Search';
import { Wordmark } from './Wordmark';

export function AppLayout({ session }: { session: Session }) {
  const [navigationOpen, navigation] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(navigation.close, [path]);

  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 264, breakpoint: 'md', collapsed: { mobile: !navigationOpen } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px={{ base: 'sm', md: 'lg' }} justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={navigationOpen}
              onClick={navigation.toggle}
              hiddenFrom="md"
              size="sm"
              color="white"
              aria-label={navigationOpen ? 'Close the menu' : 'Open the menu'}
              aria-expanded={navigationOpen}
            />
            <Wordmark />
            <Text className={classes.school} visibleFrom="sm" truncate>
              {session.school.name}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Search account={session.account} />
            <HelpLink onDark />
            <AccountMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main" className={classes.navbar}>
        <Navigation account={session.account} />
      </AppShell.Navbar>
      <SignInAgain session={session} />
      <AppShell.Main id="page" tabIndex={-1}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
