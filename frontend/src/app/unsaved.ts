/**
 * What is typed on the page and not saved yet, and whether its writer has been signed out meanwhile.
 * They sign in again over the page then, so that nothing typed is lost.
 */
import { useEffect, useSyncExternalStore } from 'react';

export class UnsavedWork {
  readonly #holders = new Set<symbol>();
  readonly #listeners = new Set<() => void>();
  #places = 0;
  #asking = false;

  /** There is something that would be lost, until what is given back is called. */
  hold = (): (() => void) => {
    const holder = Symbol('unsaved');
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  };

  /** There is a place on the page where one can sign in again, until what is given back is called. */
  offer = (): (() => void) => {
    this.#places += 1;
    return () => {
      this.#places -= 1;
      this.#tell(false);
    };
  };

  /**
   * The session has ended. Whether its writer is asked to sign in again on the page, and not led
   * away: where something is typed, or was just being `sent`.
   */
  ended(sent: boolean): boolean {
    if (this.#places === 0) return false;
    if (!this.#asking && !sent && this.#holders.size === 0) return false;
    this.#tell(true);
    return true;
  }

  /** Signed in again, or given up. */
  settle = (): void => this.#tell(false);

  isAsking = (): boolean => this.#asking;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(asking: boolean): void {
    if (this.#asking === asking) return;
    this.#asking = asking;
    for (const listener of this.#listeners) listener();
  }
}

export const unsavedWork = new UnsavedWork();

export function useHeld(unsaved: boolean): void {
  useEffect(() => (unsaved ? unsavedWork.hold() : undefined), [unsaved]);
}

/** For the place where one can sign in again: whether to ask for it. */
export function useAskedToSignIn(): boolean {
  useEffect(unsavedWork.offer, []);
  return useSyncExternalStore(unsavedWork.subscribe, unsavedWork.isAsking);
}
