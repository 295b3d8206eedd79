/** Mantine's looks on the router's links, so that every internal link is checked and preloaded. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

export type OfAnchor<Props> = Omit<ComponentPropsWithRef<'a'>, keyof Props> & Omit<Props, 'href'>;

export const TextLink = createLink((props: OfAnchor<AnchorProps>) => <Anchor {...props} />);

export const ButtonLink = createLink((props: OfAnchor<ButtonProps>) => (
  <Button component="a" {...props} />
));
