/**
 * What is typed in the markbook and what is saved of it: sent as one types, each record at the
 * version that was seen, and kept until the server has it. Nothing here knows of pages.
 */
import { ProblemError } from '~/api/problem';

export type Values = Readonly<Record<string, string | null>>;

/** A record as the server has it. */
export interface Known {
  version: number;
  values: Values;
  /** Who wrote it, and when. */
  by: string | null;
  at: string | null;
}

/** `conflict`: somebody else wrote the same meanwhile. `refused`: trying again would not help. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'refused' | 'conflict';

export interface Entry {
  known: Known;
  /** What is not saved yet. */
  typed: Values;
  /** What was saved since the page was opened. */
  saved: ReadonlySet<string>;
  state: SaveState;
  problem?: ProblemError;
  /** The values that two people wrote. */
  disputed: readonly string[];
}

/** What is kept of a record while it is not saved. */
export type Unsaved = Record<string, { known: Known; typed: Values }>;

export interface SheetOptions {
  save: (id: string, changed: Values, version: number) => Promise<Known>;
  /** What a 409 says is there now. */
  theirs: (current: Readonly<Record<string, unknown>>) => Known;
  /** Why a value cannot be sent, in a sentence. */
  wrong?: (name: string, value: string | null) => string | undefined;
  /** Told of all that is not saved, whenever that changes. */
  keep: (unsaved: Unsaved) => void;
  kept?: Unsaved;
}

const NONE: Values = {};
const LONGEST_PAUSE_MS = 30_000;

export class Sheet {
  readonly #options: SheetOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #tries = new Map<string, number>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #kept: Unsaved;

  constructor(options: SheetOptions) {
    this.#options = options;
    this.#kept = { ...options.kept };
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** What stands in a cell: what was typed, else what is saved. */
  value(id: string, name: string): string | null {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    return (name in entry.typed ? entry.typed[name] : entry.known.values[name]) ?? null;
  }

  unsaved(): readonly [string, Entry][] {
    return [...this.#entries].filter(([, { typed }]) => Object.keys(typed).length > 0);
  }

  /** A record as the server has it now. What is typed stays, and is held against it. */
  meet(id: string, known: Known): void {
    const entry = this.#entries.get(id) ?? this.#first(id, known);
    if (this.#sending.has(id) || known.version <= entry.known.version) {
      if (!this.#entries.has(id)) this.#set(id, entry);
      return;
    }
    this.#set(id, rebased(entry, known));
    this.#goOn(id);
  }

  /** Typed; sent after so many milliseconds without more of it. */
  type(id: string, name: string, value: string | null, delay: number): void {
    const entry = this.#entries.get(id);
    if (!entry || this.value(id, name) === value) return;
    const typed: Record<string, string | null> = { ...entry.typed, [name]: value };
    if (entry.known.values[name] === value && !this.#sending.has(id)) delete typed[name];
    const disputed = entry.disputed.filter((one) => one in typed);
    const state = disputed.length > 0 ? 'conflict' : stateOf(typed);
    this.#set(id, { ...entry, typed, disputed, state, problem: undefined });
    this.#tries.delete(id);
    if (state === 'waiting') this.#later(id, delay);
  }

  /** Sends everything that can be sent now; true where nothing is left unsaved. */
  async flush(): Promise<boolean> {
    const waiting = this.unsaved().filter(
      ([, { state }]) => state !== 'conflict' && state !== 'refused',
    );
    await Promise.all(waiting.map(([id]) => this.#send(id)));
    const more = this.unsaved().filter(([, { state }]) => state === 'waiting');
    await Promise.all(more.map(([id]) => this.#send(id)));
    return this.unsaved().length === 0;
  }

  /** Of what two people wrote, which stands. */
  choose(id: string, whose: 'mine' | 'theirs'): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const typed = whose === 'mine' ? entry.typed : without(entry.typed, entry.disputed);
    this.#set(id, { ...entry, typed, disputed: [], state: stateOf(typed) });
    this.#goOn(id);
  }

  /** Back to what is saved. */
  undo(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    clearTimeout(this.#timers.get(id));
    this.#set(id, { ...entry, typed: NONE, disputed: [], state: 'saved', problem: undefined });
  }

  /** Nothing is sent any more; what is not saved stays kept. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #first(id: string, known: Known): Entry {
    const kept = this.#kept[id];
    if (!kept) return { known, typed: NONE, saved: new Set(), state: 'saved', disputed: [] };
    delete this.#kept[id];
    const entry: Entry = { ...kept, saved: new Set(), state: 'waiting', disputed: [] };
    const now = known.version > kept.known.version ? rebased(entry, known) : entry;
    this.#set(id, now);
    this.#goOn(id);
    return now;
  }

  #goOn(id: string): void {
    if (this.#entries.get(id)?.state === 'waiting') this.#later(id, 0);
  }

  #later(id: string, delay: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => void this.#send(id), delay),
    );
  }

  #send(id: string): Promise<void> {
    clearTimeout(this.#timers.get(id));
    const under = this.#sending.get(id);
    if (under) return under;
    const entry = this.#entries.get(id);
    if (!entry || Object.keys(entry.typed).length === 0 || entry.disputed.length > 0) {
      return Promise.resolve();
    }
    const wrong = this.#wrong(entry.typed);
    if (wrong) {
      this.#set(id, { ...entry, state: 'refused', problem: wrong });
      return Promise.resolve();
    }
    const sent = entry.typed;
    this.#set(id, { ...entry, state: 'saving', problem: undefined });
    const sending = this.#options
      .save(id, sent, entry.known.version)
      .then(
        (known) => this.#saved(id, sent, known),
        (error: unknown) => this.#failed(id, error),
      )
      .finally(() => {
        this.#sending.delete(id);
        this.#goOn(id);
      });
    this.#sending.set(id, sending);
    return sending;
  }

  #wrong(typed: Values): ProblemError | undefined {
    const reasons = Object.entries(typed).map(([name, value]) =>
      this.#options.wrong?.(name, value),
    );
    const detail = reasons.find((reason) => reason !== undefined);
    if (!detail) return undefined;
    const type = 'urn:classroom:problem:not-sent';
    return new ProblemError(422, { type, title: 'This cannot be saved yet', detail });
  }

  #saved(id: string, sent: Values, known: Known): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#tries.delete(id);
    const same = Object.keys(sent).filter((name) => entry.typed[name] === sent[name]);
    const typed = without(entry.typed, same);
    const saved = new Set([...entry.saved, ...Object.keys(sent)]);
    this.#set(id, { ...entry, known, typed, saved, state: stateOf(typed) });
  }

  #failed(id: string, error: unknown): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const problem = error instanceof ProblemError ? error : undefined;
    if (problem?.slug === 'changed-meanwhile' && problem.current) {
      this.#set(id, rebased(entry, this.#options.theirs(problem.current)));
      return;
    }
    const mayPass =
      !problem || problem.status === 0 || problem.status === 429 || problem.status >= 500;
    // Whose session has ended signs in again, and finds what was typed.
    const state = mayPass || problem.status === 401 ? 'failed' : 'refused';
    this.#set(id, { ...entry, state, problem });
    if (!mayPass) return;
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    this.#later(id, Math.min(1_000 * 2 ** tries, LONGEST_PAUSE_MS));
  }

  #set(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
    const unsaved: Unsaved = { ...this.#kept };
    for (const [one, { known, typed }] of this.unsaved()) unsaved[one] = { known, typed };
    this.#options.keep(unsaved);
    for (const listener of this.#listeners) listener();
  }
}

/** What is typed, held against what somebody else wrote meanwhile: only the same value is disputed. */
function rebased(entry: Entry, known: Known): Entry {
  const agreed = Object.keys(entry.typed).filter(
    (name) => entry.typed[name] === known.values[name],
  );
  const typed = without(entry.typed, agreed);
  const disputed = Object.keys(typed).filter(
    (name) => entry.disputed.includes(name) || known.values[name] !== entry.known.values[name],
  );
  const state = disputed.length > 0 ? 'conflict' : stateOf(typed);
  return { ...entry, known, typed, disputed, state, problem: undefined };
}

function stateOf(typed: Values): SaveState {
  return Object.keys(typed).length > 0 ? 'waiting' : 'saved';
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** As the server keeps a text: lines without spaces at their ends, and none around it. */
export function prose(text: string): string {
  const lines = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
