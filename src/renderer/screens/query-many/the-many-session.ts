import { on } from '../../bridge/client.ts';
import { ManySession } from './many-session.ts';

let session: ManySession | undefined;

/** The window's one run on many databases; listens to the engine from the first use on. */
export function manySession(): ManySession {
  if (session !== undefined) return session;
  const made = new ManySession();
  on('query.manyChanged', (many) => made.hear(many));
  on('query.progress', (run) => made.hearRun(run));
  session = made;
  return made;
}
