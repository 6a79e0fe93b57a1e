export { createMemoryHistory } from './memory-history.ts';
