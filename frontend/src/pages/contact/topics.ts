/** What a message to support can be about. */
import type { NewSupportMessage, SupportMessage } from '~/api/contact';

export type Topic = NewSupportMessage['topic'];

export const TOPICS: Record<Topic, string> = {
  set_up: 'Setting up the school',
  pupils: 'Pupils and groups',
  users: 'Users and signing in',
  mis_sync: 'MIS sync and mapping',
  reports: 'Assessment and reports',
  parents: 'Parents',
  other: 'Something else',
};

export const STATES: Record<SupportMessage['state'], { name: string; color: string }> = {
  waiting: { name: 'On its way', color: 'lagoon' },
  sent: { name: 'Sent', color: 'leaf' },
  failed: { name: 'Could not be delivered', color: 'brick' },
};
