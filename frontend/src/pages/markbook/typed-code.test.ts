import { expect, test } from 'vitest';
import { CodeTyping, optionTyped } from './typed-code';

const scale = ['WTS', 'EXS', 'GDS', '1', '1+', 'EXS+'].map((code) => ({
  value: code,
  code,
  label: `Band ${code}`,
}));

test('a code is found while it is typed, and a whole one goes first', () => {
  expect(optionTyped(scale, 'g')?.value).toBe('GDS');
  expect(optionTyped(scale, 'exs')?.value).toBe('EXS');
  expect(optionTyped(scale, '1')?.value).toBe('1');
  expect(optionTyped(scale, 'band w')?.value).toBe('WTS');
  expect(optionTyped(scale, 'z')).toBeUndefined();
});

test('letters that follow at once belong together', () => {
  const typing = new CodeTyping();
  expect(typing.key(scale, '1', 0)?.value).toBe('1');
  expect(typing.key(scale, '+', 300)?.value).toBe('1+');
  expect(typing.key(scale, 'g', 5_000)?.value).toBe('GDS');
  expect(typing.key(scale, 'w', 5_300)?.value).toBe('WTS');
});
