// How long to wait before the next try: full jitter, so that thirty phones do not come back all at once.

const FIRST = 2000;
const LONGEST = 300_000;
const HOUR = 3_600_000;

/** Milliseconds: anything between 0 and 2 s, 4 s, 8 s … 5 minutes. `random` is between 0 and 1. */
export function delay(tries: number, random: number): number {
  return Math.round(random * Math.min(LONGEST, FIRST * 2 ** Math.max(0, Math.min(tries, 30) - 1)));
}

/** What Retry-After asks for, in milliseconds: seconds or a date; at most an hour. */
export function asked(header: string | null, now: number): number {
  if (!header) return 0;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Math.min(HOUR, Math.max(0, wait || 0));
}
