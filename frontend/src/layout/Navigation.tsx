/** The links of the main navigation, in their sections. */
import { useLocation } from '@tanstack/react-router';
import { useId } from 'react';
import type { Account } from '~/api/session';
import { NavigationLink } from '~/components/links';
import classes from './AppLayout.module.css';
import { type NavigationSection, navigationOf } from './navigation';

export function Navigation({ account }: { account: Account }) {
  return navigationOf(account).map((section) => (
    <Section key={section.label ?? 'top'} section={section} />
  ));
}

function Section({ section }: { section: NavigationSection }) {
  const id = useId();
  const path = useLocation({ select: ({ pathname }) => pathname });
  // Of `Pupil Management` and `Pupil Import` inside it, one page is one entry.
  const hasNearer = (to: string) =>
    section.entries.some((other) => other.to.startsWith(`${to}/`) && path.startsWith(other.to));
  return (
    <div>
      {section.label && (
        <div id={id} className={classes.section}>
          {section.label}
        </div>
      )}
      <ul className={classes.list} aria-labelledby={section.label && id}>
        {section.entries.map(({ label, to, icon: Icon }) => (
          <li key={to}>
            <NavigationLink
              to={to}
              label={label}
              className={classes.entry}
              activeOptions={{ exact: to === '/' || hasNearer(to) }}
              leftSection={<Icon size={18} aria-hidden />}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
