/** At the top right of every page: the help page of where one is (R28). */
import { useQuery } from '@tanstack/react-query';
import { useMatches } from '@tanstack/react-router';
import { CircleQuestionMark } from 'lucide-react';
import { sessionQuery } from '~/api/session';
import { ButtonLink } from '~/components/links';
import { helpOf, readersOf } from '~/help/places';
import classes from './HelpLink.module.css';

export function HelpLink({ onDark = false }: { onDark?: boolean }) {
  const route = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? '' });
  const session = useQuery({ ...sessionQuery, enabled: false }).data;
  const slug = helpOf(route, readersOf(session));
  const looks = {
    variant: 'transparent',
    className: onDark ? classes.onDark : classes.onLight,
    px: { base: 6, sm: 'sm' },
    leftSection: <CircleQuestionMark size={20} aria-hidden />,
  };
  if (!slug) {
    return (
      <ButtonLink to="/help" {...looks}>
        Help
      </ButtonLink>
    );
  }
  return (
    <ButtonLink to="/help/$slug" params={{ slug }} {...looks}>
      Help
    </ButtonLink>
  );
}
