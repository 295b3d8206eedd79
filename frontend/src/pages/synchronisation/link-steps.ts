/** Where linking the MIS stands. It follows from the link itself, so a reload goes on there (R15). */
import type { Linked, MisLink } from '~/api/mis';

export const LINK_STEPS = ['Your MIS', 'Credentials', 'Connector', 'First data', 'Done'] as const;

export const STEP = { source: 0, credentials: 1, connector: 2, data: 3, done: 4 } as const;

interface InThisTab {
  /** Shown once: gone with the page. */
  credentials: Linked['credentials'] | undefined;
  /** The file is saved, and the connector started. */
  started: boolean;
}

export function linkStep(link: MisLink, { credentials, started }: InThisTab): number {
  if (!link.connector) return STEP.source;
  if (!link.connector.heard_at) {
    return credentials && !started ? STEP.credentials : STEP.connector;
  }
  return isWaiting(link) ? STEP.data : STEP.done;
}

/** Nothing has come from this connector yet. */
export function isWaiting(link: MisLink): boolean {
  return link.state === 'provisioning' || link.state === 'waiting';
}

/** It has sent, and says of nothing that it waits to be asked: a timer of the school's runs it. */
export function sendsByItself(link: MisLink): boolean {
  return link.connector?.heard_at != null && !link.connector.listens;
}
