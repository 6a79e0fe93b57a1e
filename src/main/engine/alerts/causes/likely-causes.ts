import type { AlertCause } from '#shared/model/alert.ts';
import { knownCauses } from '#shared/model/alert-causes.ts';
import type { AlertKind } from '#shared/model/alert-kinds.ts';
import { poolEvidence } from './pool-evidence.ts';
import type { Seen } from './seen.ts';
import { sessionsEvidence } from './sessions-evidence.ts';

/** Causes of an alert of that kind: those that something seen speaks for first, the others as they usually are. */
export function likelyCauses(kind: AlertKind, seen: Seen): AlertCause[] {
  const evidence = [...sessionsEvidence(seen), ...poolEvidence(seen)];
  return knownCauses[kind]
    .map((known, place) => {
      const found = evidence
        .filter(({ causeId }) => causeId === known.causeId)
        .sort((a, b) => b.weight - a.weight)[0];
      return { known, found, rank: found === undefined ? -place : found.weight };
    })
    .sort((a, b) => b.rank - a.rank)
    .map(({ known, found }) => ({
      ...known,
      evidence: found?.text ?? null,
      session: found?.session ?? null,
    }));
}
