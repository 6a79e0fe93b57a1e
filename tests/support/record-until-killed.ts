import { openStore } from './history-store.ts';
import { sampleAt } from './samples.ts';

/**
 * Records three pools as fast as it can, from second `first` on, until it is killed; says each
 * second that is on disk. Arguments: file, start of time, first second.
 */
const [file = '', startMs = '0', first = '0'] = process.argv.slice(2);
const { store, tick } = openStore(file);
await store.opened();
for (let index = Number(first); ; index += 1) {
  const atMs = Number(startMs) + index * 1000 + 500;
  tick(...['a', 'b', 'c'].map((profileId) => sampleAt(atMs, { profileId, acquired: index })));
  await store.flushed();
  process.stdout.write(`${index}\n`);
  // Sealing gets its turn between two ticks, as in life.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
