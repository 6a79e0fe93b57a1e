/** A key that holds one of these words, in whatever case, has a value that never reaches a log. */
const secretWords = /password|passphrase|token|secret|connectionstring|^url$/i;
const hidden = '[hidden]';

/** One entry tells of this many values at most: errors of `pg` may carry a client with all its sockets. */
const maximumValues = 500;

/**
 * A copy fit for a log: plain data without secrets, at whatever depth they stand. An object that
 * comes again, as in a cycle, is not followed twice. Never throws.
 */
export function redact(value: unknown): unknown {
  const seen = new Set<object>();
  let values = 0;

  const copyOf = (original: unknown): unknown => {
    values += 1;
    if (values > maximumValues) return '[more]';
    if (typeof original !== 'object' || original === null) return original;
    if (seen.has(original)) return '[seen above]';
    seen.add(original);
    try {
      if (original instanceof Date) return original.toISOString();
      if (ArrayBuffer.isView(original)) return '[bytes]';
      if (Array.isArray(original)) return original.slice(0, maximumValues).map(copyOf);
      const entries = entriesOf(original).slice(0, maximumValues);
      return Object.fromEntries(
        entries.map(([key, inner]) => [key, secretWords.test(key) ? hidden : copyOf(inner)]),
      );
    } catch {
      // A getter that throws, say. Losing a detail is better than losing what the log was to tell.
      return '[unreadable]';
    }
  };
  return copyOf(value);
}

/** An error keeps what tells of it in properties that do not enumerate. */
function entriesOf(value: object): [string, unknown][] {
  if (!(value instanceof Error)) return Object.entries(value);
  const { name, message, stack, cause } = value;
  const inner = value instanceof AggregateError ? { errors: value.errors } : {};
  return Object.entries({
    ...value,
    type: name,
    message,
    stack,
    ...inner,
    ...(cause !== undefined && { cause }),
  });
}
