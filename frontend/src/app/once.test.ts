import { describe, expect, it } from 'vitest';
import { Once } from './once';

describe('asking once', () => {
  it('sends nothing twice while it is under way', async () => {
    const { once, sent, answer } = asked();
    const first = once.ask({ name: 'Zoë' }, sent);
    expect(once.ask({ name: 'Zoë' }, sent)).toBe(first);
    answer('saved');
    expect(await first).toBe('saved');
    expect(sent.times).toBe(1);
  });

  it('sends something else, and the same again once it was answered or refused', async () => {
    const { once, sent, answer } = asked();
    void once.ask({ name: 'Zoë' }, sent);
    const last = once.ask({ name: 'Max' }, sent);
    answer('saved');
    await last;
    const refused = once.ask({ name: 'Max' }, () => Promise.reject(new Error('away')));
    await expect(refused).rejects.toThrow('away');
    await once.ask({ name: 'Max' }, sent);
    expect(sent.times).toBe(3);
  });

  it('takes two files for two', async () => {
    const { once, sent } = asked();
    void once.ask(new File(['a'], 'a.csv'), sent);
    void once.ask(new File(['b'], 'b.csv'), sent);
    expect(sent.times).toBe(2);
  });
});

function asked() {
  let answer = (_: string) => {};
  const promise = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const sent = Object.assign(
    () => {
      sent.times += 1;
      return promise;
    },
    { times: 0 },
  );
  return { once: new Once<object, string>(), sent, answer: (text: string) => answer(text) };
}
