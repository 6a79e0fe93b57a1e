import { vi } from 'vitest';

/** What tests wait for comes within moments on a quiet machine; a busy one is no failure. */
const patienceMs = 15_000;

const { waitFor } = vi;
vi.waitFor = (callback, options) => waitFor(callback, options ?? { timeout: patienceMs });
