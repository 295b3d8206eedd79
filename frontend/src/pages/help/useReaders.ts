/** As whom somebody reads help. */
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '~/api/session';
import type { Reader } from '~/help/help-text';
import { readersOf } from '~/help/places';

export function useReaders(): readonly Reader[] {
  return readersOf(useQuery({ ...sessionQuery, enabled: false }).data);
}
