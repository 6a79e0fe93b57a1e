export type { Reading } from './server/sampler.ts';
export { createSessions, type Sessions } from './sessions.ts';
