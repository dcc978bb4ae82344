import { expect, test } from 'vitest';
import { asked, delay } from '../../../static/src/outbox/backoff';

test('the wait grows from 2 s to 5 minutes, and anything below may come', () => {
  expect([1, 2, 3, 8, 9, 1000].map((tries) => delay(tries, 1))).toEqual([
    2000, 4000, 8000, 256000, 300000, 300000,
  ]);
  expect(delay(5, 0)).toBe(0);
  expect(delay(3, 0.5)).toBe(4000);
});

test('Retry-After is seconds or a date, at most an hour', () => {
  const now = Date.parse('2026-06-18T10:00:00Z');
  expect(asked('120', now)).toBe(120_000);
  expect(asked('Thu, 18 Jun 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(asked('Thu, 18 Jun 2020 10:00:30 GMT', now)).toBe(0);
  expect(asked('99999', now)).toBe(3_600_000);
  expect([asked(null, now), asked('soon', now), asked('', now)]).toEqual([0, 0, 0]);
});
