const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const unitsMs: [RegExp, number][] = [
  [/^(s|secs?|seconds?)$/, secondMs],
  [/^(m|mins?|minutes?)$/, minuteMs],
  [/^(h|hrs?|hours?)$/, hourMs],
  [/^(d|days?)$/, dayMs],
  [/^(w|weeks?)$/, 7 * dayMs],
  [/^months?$/, 30 * dayMs],
  [/^(y|years?)$/, 365 * dayMs],
];

const unitMs = (word: string) => unitsMs.find(([pattern]) => pattern.test(word))?.[1];

/**
 * A length of time in milliseconds: "13h", "90m", "1h 30m", "1.5 days"; null for anything else.
 * `bare` takes a unit alone for one of it, as in "last hour".
 */
export function parseLength(text: string, { bare = false } = {}): number | null {
  const alone = bare ? unitMs(text) : undefined;
  if (alone !== undefined) return alone;
  if (!/^(\d+(\.\d+)?\s*[a-z]+[\s,]*)+$/.test(text)) return null;
  let totalMs = 0;
  for (const [, count, word] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const ms = unitMs(word ?? '');
    if (ms === undefined) return null;
    totalMs += Number(count) * ms;
  }
  return totalMs;
}
