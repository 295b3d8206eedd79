/** One person of a group linked, unlinked or handed back, on the version that is shown (R13). */
import { useQueryClient } from '@tanstack/react-query';
import { changeLink, type LinkBadge, type LinkChange, type People } from '~/api/groups';
import { useMutation } from '~/app/mutation';

export interface LinkedPerson {
  id: string;
  name: string;
  link: LinkBadge;
}

export function useOneLink(people: People, groupId: string) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: ({ change, person }: { change: LinkChange; person: LinkedPerson }) =>
      changeLink({ change, people, groupId, personId: person.id, seen: person.link.version }),
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const make = (wanted: LinkChange, person: LinkedPerson) =>
    change.mutate({ change: wanted, person });
  return { change, make };
}
