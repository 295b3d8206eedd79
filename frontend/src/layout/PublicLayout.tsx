/** The frame of the pages for people who are not, or not wholly, signed in. */
import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './AppLayout.module.css';
import { HelpLink } from './HelpLink';
import { Wordmark } from './Wordmark';

export function PublicLayout({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={classes.public}>
      <header>
        <Wordmark dark />
        <div className={classes.topRight}>
          <HelpLink />
        </div>
      </header>
      <Paper
        component="main"
        className={classes.card}
        data-wide={wide || undefined}
        p={{ base: 'lg', sm: 'xl' }}
        mt="xl"
        shadow="sm"
      >
        {children}
      </Paper>
    </div>
  );
}
