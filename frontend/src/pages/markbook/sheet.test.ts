import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '~/api/problem';
import { type Known, prose, Sheet, type Unsaved, type Values } from './sheet';

const EMPTY: Known = { version: 0, values: { band: null, comment: '' }, by: null, at: null };

/** A server of one mark, as the real one is: by versions, and the same again is no change. */
class Server {
  mark = EMPTY;
  sent: Values[] = [];
  away = false;
  refuses?: ProblemError;

  save = async (_: string, changed: Values, version: number): Promise<Known> => {
    this.sent.push(changed);
    if (this.away) throw problem(0, 'unreachable');
    if (this.refuses) throw this.refuses;
    const values = { ...this.mark.values, ...changed };
    if (JSON.stringify(values) === JSON.stringify(this.mark.values)) return this.mark;
    if (version !== this.mark.version) throw problem(409, 'changed-meanwhile', this.mark);
    this.mark = { version: version + 1, values, by: 'Me', at: null };
    return this.mark;
  };

  elsewhere(changed: Values): void {
    const { version, values } = this.mark;
    this.mark = {
      version: version + 1,
      values: { ...values, ...changed },
      by: 'Ms Hall',
      at: null,
    };
  }
}

function problem(status: number, slug: string, current?: object): ProblemError {
  const body = { type: `urn:classroom:problem:${slug}`, title: slug, detail: slug, current };
  return new ProblemError(status, body as ConstructorParameters<typeof ProblemError>[1]);
}

let server: Server;
let kept: Unsaved;

function sheet(before: Unsaved = {}): Sheet {
  const made = new Sheet({
    save: server.save,
    theirs: (current) => current as unknown as Known,
    keep: (unsaved) => {
      kept = unsaved;
    },
    wrong: (_, value) => (value === 'too long' ? 'Shorten it.' : undefined),
    kept: before,
  });
  made.meet('zoe', server.mark);
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  kept = {};
});

const state = (of: Sheet) => of.entry('zoe')?.state;

test('what is typed is sent once one pauses, whole', async () => {
  const one = sheet();
  one.type('zoe', 'comment', 'R', 800);
  await vi.advanceTimersByTimeAsync(500);
  one.type('zoe', 'comment', 'Reads', 800);
  expect(state(one)).toBe('waiting');
  expect(kept).toHaveProperty('zoe.typed.comment', 'Reads');
  await vi.advanceTimersByTimeAsync(800);
  expect(server.sent).toEqual([{ comment: 'Reads' }]);
  expect(state(one)).toBe('saved');
  expect(one.entry('zoe')?.saved).toContain('comment');
  expect(kept).toEqual({});
});

test('what is typed while the last is on its way follows it', async () => {
  const one = sheet();
  one.type('zoe', 'band', 'J', 0);
  const first = one.flush();
  one.type('zoe', 'comment', 'Reads', 800);
  await first;
  await vi.advanceTimersByTimeAsync(800);
  expect(server.mark.values).toEqual({ band: 'J', comment: 'Reads' });
  expect(server.mark.version).toBe(2);
});

test('what is taken back before it was sent is not sent', async () => {
  const one = sheet();
  one.type('zoe', 'comment', 'R', 800);
  one.type('zoe', 'comment', '', 800);
  expect(one.unsaved()).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.sent).toEqual([]);
});

describe('somebody else who writes meanwhile', () => {
  test('another value of the mark disturbs nothing', async () => {
    const one = sheet();
    server.elsewhere({ band: 'S' });
    one.type('zoe', 'comment', 'Mine', 0);
    await vi.runAllTimersAsync();
    expect(server.mark.values).toEqual({ band: 'S', comment: 'Mine' });
    expect(state(one)).toBe('saved');
    expect(one.value('zoe', 'band')).toBe('S');
  });

  test('the same value is for a person to choose', async () => {
    const one = sheet();
    server.elsewhere({ comment: 'Theirs' });
    one.type('zoe', 'comment', 'Mine', 0);
    await vi.runAllTimersAsync();
    expect(state(one)).toBe('conflict');
    expect(one.entry('zoe')?.known).toMatchObject({ by: 'Ms Hall', values: { comment: 'Theirs' } });
    expect(one.value('zoe', 'comment')).toBe('Mine');
    expect(await one.flush()).toBe(false);
    expect(server.mark.values.comment).toBe('Theirs');
    one.choose('zoe', 'mine');
    await vi.runAllTimersAsync();
    expect(server.mark.values.comment).toBe('Mine');
  });

  test('can be left as it is', async () => {
    const one = sheet();
    server.elsewhere({ comment: 'Theirs', band: 'S' });
    one.type('zoe', 'comment', 'Mine', 0);
    await vi.runAllTimersAsync();
    one.choose('zoe', 'theirs');
    expect(one.value('zoe', 'comment')).toBe('Theirs');
    expect(one.unsaved()).toEqual([]);
  });

  test('is seen when the page asks again, before anything is sent', () => {
    const one = sheet();
    one.type('zoe', 'comment', 'Mine', 800);
    server.elsewhere({ comment: 'Theirs' });
    one.meet('zoe', server.mark);
    expect(state(one)).toBe('conflict');
  });
});

describe('nothing is lost', () => {
  test('without a network: it is tried again until it is saved', async () => {
    const one = sheet();
    server.away = true;
    one.type('zoe', 'band', 'J', 0);
    await vi.advanceTimersByTimeAsync(10);
    expect(state(one)).toBe('failed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sent.length).toBeGreaterThan(3);
    server.away = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(state(one)).toBe('saved');
    expect(server.mark.values.band).toBe('J');
  });

  test('when the session ends: it is there after signing in again', async () => {
    const one = sheet();
    server.refuses = problem(401, 'signed-out');
    one.type('zoe', 'comment', 'Mine', 0);
    await vi.advanceTimersByTimeAsync(10);
    one.stop();
    expect(state(one)).toBe('failed');
    server.refuses = undefined;
    const again = sheet(structuredClone(kept));
    expect(again.value('zoe', 'comment')).toBe('Mine');
    await vi.runAllTimersAsync();
    expect(server.mark.values.comment).toBe('Mine');
    expect(kept).toEqual({});
  });

  test('and what was written meanwhile is not lost either', async () => {
    const one = sheet();
    server.away = true;
    one.type('zoe', 'comment', 'Mine', 0);
    await vi.advanceTimersByTimeAsync(10);
    one.stop();
    server.away = false;
    server.elsewhere({ comment: 'Theirs' });
    const again = sheet(structuredClone(kept));
    await vi.runAllTimersAsync();
    expect(state(again)).toBe('conflict');
    expect(server.mark.values.comment).toBe('Theirs');
  });

  test('what is refused says why, and is not sent again by itself', async () => {
    const one = sheet();
    server.refuses = problem(422, 'band-not-in-use');
    one.type('zoe', 'band', 'J', 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state(one)).toBe('refused');
    expect(server.sent).toHaveLength(1);
    one.undo('zoe');
    expect(one.value('zoe', 'band')).toBeNull();
    expect(one.unsaved()).toEqual([]);
  });
});

test('what cannot be kept is not sent, and is not lost either', async () => {
  const one = sheet();
  one.type('zoe', 'comment', 'too long', 0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state(one)).toBe('refused');
  expect(one.entry('zoe')?.problem?.detail).toBe('Shorten it.');
  expect(kept).toHaveProperty('zoe.typed.comment', 'too long');
  one.type('zoe', 'comment', 'short', 0);
  await vi.runAllTimersAsync();
  expect(server.sent).toEqual([{ comment: 'short' }]);
});

test('a text is compared as the server keeps it', () => {
  expect(prose(' Reads \r\nwell. \n')).toBe('Reads\nwell.');
});
