/** The frame of the pages for people who are not, or not wholly, signed in. */
import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './AppLayout.module.css';
import { Wordmark } from './Wordmark';

export function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <div className={classes.public}>
      <header>
        <Wordmark dark />
      </header>
      <Paper
        component="main"
        className={classes.card}
        p={{ base: 'lg', sm: 'xl' }}
        mt="xl"
        shadow="sm"
      >
        {children}
      </Paper>
    </div>
  );
}
