/** On the admin's home page, for as long as a request waits: nobody shall miss it (R5). */
import { useQuery } from '@tanstack/react-query';
import { adminEmailQuery } from '~/api/admin-email';
import { WaitingAddress } from './WaitingAddress';

export function WaitingNotice() {
  const { data } = useQuery(adminEmailQuery);
  return data?.waiting ? <WaitingAddress key={data.waiting.id} waiting={data.waiting} /> : null;
}
