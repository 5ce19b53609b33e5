/** 14:05, or 2026-03-01 14:05 where that was another day. */
export function timeOf(milliseconds: number, now: number = Date.now()): string {
  const [then, today] = [new Date(milliseconds), new Date(now)];
  const two = (number: number) => String(number).padStart(2, '0');
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === today.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}
