/** A record here, as a link to its page. */
import { TextLink } from '~/components/links';

interface RecordLinkProps {
  /** As the MIS calls the kind: `staff` are users here. */
  kind: string;
  id: string;
  children: string;
}

export function RecordLink({ kind, id, children }: RecordLinkProps) {
  if (kind === 'group') {
    return (
      <TextLink to="/groups/$groupId" params={{ groupId: id }} inherit>
        {children}
      </TextLink>
    );
  }
  if (kind === 'staff') {
    return (
      <TextLink to="/users/$userId" params={{ userId: id }} inherit>
        {children}
      </TextLink>
    );
  }
  if (kind === 'contact') {
    return (
      <TextLink to="/parents/$parentId" params={{ parentId: id }} inherit>
        {children}
      </TextLink>
    );
  }
  return (
    <TextLink to="/pupils/$pupilId" params={{ pupilId: id }} inherit>
      {children}
    </TextLink>
  );
}
