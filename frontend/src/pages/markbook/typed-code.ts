/** A value set by typing its code, as in a spreadsheet: letters that follow at once belong together. */

export interface Option {
  value: string;
  /** What is typed for it. */
  code: string;
  label: string;
}

const TOGETHER_MS = 1_000;

/** Of a code that is whole, of one that begins so, else of a name that does. */
export function optionTyped<One extends Option>(
  options: readonly One[],
  typed: string,
): One | undefined {
  const wanted = typed.toLowerCase();
  const begins = (text: string) => text.toLowerCase().startsWith(wanted);
  return (
    options.find(({ code }) => code.toLowerCase() === wanted) ??
    options.find(({ code }) => begins(code)) ??
    options.find(({ label }) => begins(label))
  );
}

export class CodeTyping {
  #typed = '';
  #at = 0;

  /** The option that is meant, with what was typed just before. */
  key<One extends Option>(options: readonly One[], key: string, now: number): One | undefined {
    const together = now - this.#at < TOGETHER_MS ? this.#typed + key : key;
    this.#at = now;
    const found = optionTyped(options, together);
    this.#typed = found ? together : key;
    return found ?? optionTyped(options, key);
  }
}
