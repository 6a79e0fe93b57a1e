import type { SessionsSample } from '#shared/contract/sessions.ts';
import { packSessions } from '#shared/model/sessions/packed-sessions.ts';
import { type Session, sessionKey } from '#shared/model/sessions/session.ts';
import type { Reading } from '../server/sampler.ts';

const fields = (session: Session) => Object.values(session);

/** Sessions are made by one function, so their fields stand in one order. */
function isSame(a: Session, b: Session): boolean {
  const others = fields(b);
  return fields(a).every((value, index) => value === others[index]);
}

/** Numbers the samples of one server and tells what changed from each to the next. */
export class SampleSequence {
  readonly #serverId: string;
  #sequence = 0;
  #sessions = new Map<string, Session>();
  #last: Reading | null = null;

  constructor(serverId: string) {
    this.#serverId = serverId;
  }

  /** The newest reading of all; null before the first. */
  get last(): Reading | null {
    return this.#last;
  }

  /** Takes a reading in. Null when nobody wants the difference to the one before. */
  add(reading: Reading, isWanted: boolean): SessionsSample | null {
    const before = this.#sessions;
    this.#last = reading;
    this.#sessions = new Map(reading.sessions.map((session) => [sessionKey(session), session]));
    this.#sequence += 1;
    if (!isWanted) return null;
    const changed = [...this.#sessions].flatMap(([key, session]) => {
      const was = before.get(key);
      return was !== undefined && isSame(was, session) ? [] : [session];
    });
    const gone = [...before.keys()].filter((key) => !this.#sessions.has(key));
    return this.#pack(reading, { changed, gone, basedOn: this.#sequence - 1 });
  }

  /** The newest sample with every session. */
  whole(): SessionsSample | null {
    if (this.#last === null) return null;
    return this.#pack(this.#last, { changed: this.#last.sessions, gone: [], basedOn: null });
  }

  #pack(
    reading: Reading,
    difference: { changed: Session[]; gone: string[]; basedOn: number | null },
  ): SessionsSample {
    const { sessions: _all, sight: _sight, ...rest } = reading;
    return {
      ...rest,
      serverId: this.#serverId,
      sequence: this.#sequence,
      basedOn: difference.basedOn,
      changed: packSessions(difference.changed),
      gone: difference.gone,
    };
  }
}
