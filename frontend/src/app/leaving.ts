/**
 * Whether a page may be left on which something is typed. Whoever saves and goes on at once is not
 * asked about what is just being saved: their leaving waits for the answer.
 */
export class Leaving {
  #unsaved = false;
  #saving = false;
  readonly #waiting = new Set<() => void>();

  /** How it stands on the page now. */
  meet(unsaved: boolean, saving: boolean): void {
    this.#unsaved = unsaved;
    this.#saving = saving;
    if (this.#isSettled()) for (const goOn of this.#waiting) goOn();
  }

  /** Whether its writer is to be asked: known at once, or when what is under way has ended. */
  async mustAsk(): Promise<boolean> {
    if (!this.#isSettled()) await this.#settled();
    return this.#unsaved;
  }

  #isSettled(): boolean {
    return !this.#unsaved || !this.#saving;
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(late);
        this.#waiting.delete(goOn);
        resolve();
      };
      const late = setTimeout(goOn, LONGEST_WAIT_MS);
      this.#waiting.add(goOn);
    });
  }
}

/** Milliseconds until somebody who saved and goes on is told that it is not saved yet. */
export const LONGEST_WAIT_MS = 4_000;
