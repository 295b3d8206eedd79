/**
 * The search at the top right of every page (R28). At a desk it is a field; on a phone a button
 * opens it over the page. Ctrl+K goes to it. A key alone, such as `/`, would be a trap for who
 * speaks to the computer (WCAG 2.1.4).
 */
import { ActionIcon, Box } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Search as SearchIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Account } from '~/api/session';
import classes from './Search.module.css';
import { SearchDialog } from './SearchDialog';
import { SearchField } from './SearchField';

export function Search({ account }: { account: Account }) {
  const field = useRef<HTMLInputElement>(null);
  const [dialogOpen, setDialogOpen] = useState(false);
  const go = () => {
    if (field.current?.offsetParent) field.current.focus();
    else setDialogOpen(true);
  };
  useHotkeys([['mod+K', go]], []);
  return (
    <Box component="search" className={classes.search}>
      <Box visibleFrom="md">
        <SearchField account={account} ref={field} />
      </Box>
      <ActionIcon
        hiddenFrom="md"
        variant="transparent"
        c="white"
        size={36}
        aria-label="Search"
        onClick={() => setDialogOpen(true)}
      >
        <SearchIcon size={20} aria-hidden />
      </ActionIcon>
      <SearchDialog account={account} opened={dialogOpen} onClose={() => setDialogOpen(false)} />
    </Box>
  );
}
