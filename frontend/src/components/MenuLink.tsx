/** An entry of a menu that leads to another page. */
import { Menu, type MenuItemProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { OfAnchor } from './links';

export const MenuLink = createLink((props: OfAnchor<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
));
