import { expect } from 'vitest';

/** Asks again until the expectation holds, as long as a busy machine may need. */
export const eventually = <T>(get: () => T) => expect.poll(get, { timeout: 15_000 });
