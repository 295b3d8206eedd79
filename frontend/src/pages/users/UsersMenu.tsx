/** What User Management offers besides new users: who waits, the default password, the list as a file. */
import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Download, Ellipsis, KeyRound, UserRoundCheck } from 'lucide-react';
import { MenuLink } from '~/components/links';
import { DefaultPassword } from './DefaultPassword';

interface UsersMenuProps {
  /** Where the list comes as a file, filtered as it is. */
  file: string;
  /** Whether new users sign in with it; with starting codes it opens nothing (R2). */
  defaultInUse: boolean;
}

export function UsersMenu({ file, defaultInUse }: UsersMenuProps) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Menu
        position="bottom-end"
        shadow="md"
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <Button variant="default" aria-label="More" px={{ base: 10, sm: 'md' }}>
            <Ellipsis size={18} aria-hidden />
            <Text component="span" inherit visibleFrom="sm" ml="xs">
              More
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLink to="/users/claims" leftSection={<UserRoundCheck size={17} aria-hidden />}>
            Claimed and unclaimed accounts
          </MenuLink>
          {defaultInUse && (
            <Menu.Item leftSection={<KeyRound size={17} aria-hidden />} onClick={dialog.open}>
              Default password
            </Menu.Item>
          )}
          <Menu.Item
            component="a"
            href={file}
            download
            leftSection={<Download size={17} aria-hidden />}
          >
            Export as CSV
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DefaultPassword opened={opened} onClose={dialog.close} />
    </>
  );
}
