import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Leaving, LONGEST_WAIT_MS } from './leaving';

/** What has come of asking to leave, so far. */
function answerOf(leaving: Leaving): { asked?: boolean } {
  const answer: { asked?: boolean } = {};
  void leaving.mustAsk().then((asked) => {
    answer.asked = asked;
  });
  return answer;
}

const passed = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('leaving a page', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it('is asked about where something is typed, and goes on at once where nothing is', async () => {
    const leaving = new Leaving();
    expect(await leaving.mustAsk()).toBe(false);
    leaving.meet(true, false);
    expect(await leaving.mustAsk()).toBe(true);
  });

  it('waits while it is being saved, and goes on once it is', async () => {
    const leaving = new Leaving();
    leaving.meet(true, true);
    const answer = answerOf(leaving);
    await passed(LONGEST_WAIT_MS - 1);
    expect(answer).toEqual({});
    // Lists may be asked for again meanwhile, which nobody waits for.
    leaving.meet(false, true);
    await passed(0);
    expect(answer).toEqual({ asked: false });
  });

  it('is asked about once saving has failed, or does not end', async () => {
    const leaving = new Leaving();
    leaving.meet(true, true);
    const [failed, late] = [answerOf(leaving), answerOf(leaving)];
    leaving.meet(true, false);
    await passed(0);
    expect([failed, late]).toEqual([{ asked: true }, { asked: true }]);
    leaving.meet(true, true);
    const hangs = answerOf(leaving);
    await passed(LONGEST_WAIT_MS);
    expect(hangs).toEqual({ asked: true });
  });
});
