/** Putting people into a group: found and ticked, looked through, then done (R13). */
import { type ReactNode, useState } from 'react';
import { type GroupDetail, MOST_MEMBERS_AT_ONCE, type People } from '~/api/groups';
import { Dialog } from '~/components/Dialog';
import { useSelection } from '~/components/useSelection';
import { LookAndDo } from './ManyLinksDialog';
import { type Found, PeopleChooser } from './PeopleChooser';

interface AddPeopleProps {
  group: GroupDetail;
  people: People;
  searchLabel: string;
  onSearch: (text: string | undefined) => void;
  filters?: ReactNode;
  found: readonly Found[] | undefined;
  total: number | undefined;
  error: Error | null;
  onClose: () => void;
}

export function AddPeople(props: AddPeopleProps) {
  const { group, people, total = 0, onClose } = props;
  const [looking, setLooking] = useState(false);
  const selection = useSelection(group.id);
  return (
    <Dialog opened onClose={onClose} title={`Add ${people} to ${group.name}`} size="lg">
      {looking ? (
        <LookAndDo
          group={group}
          people={people}
          ids={[...selection.selected]}
          present
          onClose={onClose}
          onDone={onClose}
          onBack={() => setLooking(false)}
        />
      ) : (
        <PeopleChooser
          thing={people === 'users' ? 'user' : 'pupil'}
          searchLabel={props.searchLabel}
          onSearch={props.onSearch}
          filters={props.filters}
          found={props.found}
          total={total}
          error={props.error}
          selection={selection}
          most={MOST_MEMBERS_AT_ONCE}
          onCancel={onClose}
          onNext={() => setLooking(true)}
        />
      )}
    </Dialog>
  );
}
