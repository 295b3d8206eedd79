/** What is asked for again while it is under way is not asked for twice: a button pressed twice. */
export class Once<Wanted, Answer> {
  #underWay?: { wanted: Wanted; answer: Promise<Answer> };

  ask(wanted: Wanted, send: () => Promise<Answer>): Promise<Answer> {
    const before = this.#underWay;
    if (before && isSame(before.wanted, wanted)) return before.answer;
    const now = { wanted, answer: send() };
    this.#underWay = now;
    const over = () => {
      if (this.#underWay === now) this.#underWay = undefined;
    };
    now.answer.then(over, over);
    return now.answer;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  return isPlain(one) && isPlain(other) && JSON.stringify(one) === JSON.stringify(other);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && !(value instanceof Blob);
}
