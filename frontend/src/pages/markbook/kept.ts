/**
 * What is typed and not saved, kept in the browser's tab: a session that ends, or a page that is loaded
 * again, takes nothing away. It is of one account, and gone once it is saved.
 */
import type { Unsaved } from './sheet';

const PREFIX = 'markbook:';

export function keptFor(account: string, place: string): Unsaved {
  try {
    forgetOthers(account);
    const text = sessionStorage.getItem(keyOf(account, place));
    return text ? (JSON.parse(text) as Unsaved) : {};
  } catch {
    return {};
  }
}

export function keepFor(account: string, place: string, unsaved: Unsaved): void {
  try {
    if (Object.keys(unsaved).length === 0) sessionStorage.removeItem(keyOf(account, place));
    else sessionStorage.setItem(keyOf(account, place), JSON.stringify(unsaved));
  } catch {
    // A browser that keeps nothing still shows what is not saved.
  }
}

function keyOf(account: string, place: string): string {
  return `${PREFIX}${account}:${place}`;
}

/** Of whoever used this tab before. */
function forgetOthers(account: string): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${account}:`)) {
      sessionStorage.removeItem(key);
    }
  }
}
