/** Mantine's looks on the router's links, so that every internal link is checked and preloaded. */
import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type OfAnchor<Props> = Omit<ComponentPropsWithRef<'a'>, keyof Props> & Omit<Props, 'href'>;

export const TextLink = createLink((props: OfAnchor<AnchorProps>) => <Anchor {...props} />);

export const ButtonLink = createLink((props: OfAnchor<ButtonProps>) => (
  <Button component="a" {...props} />
));

export const MenuLink = createLink((props: OfAnchor<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
));

export const NavigationLink = createLink((props: OfAnchor<NavLinkProps>) => (
  <NavLink component="a" {...props} />
));
