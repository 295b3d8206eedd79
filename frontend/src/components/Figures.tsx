/** A few figures side by side, each with its name and a way to what it counts. */
import { Paper, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '~/school/words';
import classes from './Figures.module.css';

export function Figures({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={label} p="lg">
      <SimpleGrid component="dl" className={classes.figures} cols={{ base: 2, sm: 4 }}>
        {children}
      </SimpleGrid>
    </Paper>
  );
}

interface FigureProps {
  count: number;
  label: string;
  children?: ReactNode;
}

export function Figure({ count, label, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        <span className={classes.count}>{formatNumber(count)}</span>
        {children}
      </dd>
    </div>
  );
}
