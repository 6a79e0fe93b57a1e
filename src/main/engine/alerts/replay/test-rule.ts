import { maxRuleHits, type RuleTest } from '#shared/model/alert.ts';
import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import { type AlertRule, isInScope } from '#shared/model/alert-rule.ts';
import { counted, spoken } from '../words.ts';
import type { HitLog } from './hit-log.ts';
import { Player } from './player.ts';
import { type RecordedPool, replayPool, type Stretch } from './replay-pool.ts';
import { type RecordedSessions, replaySessions } from './replay-sessions.ts';

const hourMs = 3_600_000;
const pieceMs = 6 * hourMs;

export type Recorded = RecordedPool & RecordedSessions;

interface TestOptions {
  rule: AlertRule;
  /** All there are; those in the rule's scope are tested. */
  profileIds: readonly string[];
  range: Stretch;
  source: Recorded;
  /** 0 to 1. */
  onProgress(done: number): void;
  signal: AbortSignal;
}

function piecesOf({ fromMs, toMs }: Stretch): Stretch[] {
  const pieces: Stretch[] = [];
  // On whole minutes, so that no minute is seen twice.
  const startMs = Math.floor(fromMs / 60_000) * 60_000;
  for (let at = startMs; at < toMs; at += pieceMs) {
    pieces.push({ fromMs: Math.max(at, fromMs), toMs: Math.min(at + pieceMs, toMs) });
  }
  return pieces;
}

async function replayConnection(
  { rule, range, source, signal }: TestOptions,
  profileId: string,
  onPiece: () => void,
): Promise<HitLog> {
  const player = new Player(profileId, [rule]);
  for (const stretch of piecesOf(range)) {
    signal.throwIfAborted();
    if (alertKindInfo[rule.kind].source === 'sessions') await replaySessions(player, source, stretch);
    else await replayPool(player, source, stretch, signal);
    onPiece();
  }
  return player.end();
}

const notRecorded = 'Poolscope does not record what this rule watches, so it cannot be tested on the past.';

function exactnessOf(rule: AlertRule, coveredMs: number, isExact: boolean): string {
  if (coveredMs === 0) return 'Nothing is recorded of that time on the connections in scope.';
  if (alertKindInfo[rule.kind].source === 'sessions') {
    return 'Of sessions a sample of every ten seconds at most is kept: what came and went in between is not seen.';
  }
  return isExact
    ? 'Tested on every second recorded.'
    : rule.kind === 'queueGrowing'
      ? 'Of a part of that time only minutes are kept, which do not tell how a queue grows: it may have fired more often.'
      : 'Of a part of that time only minutes are kept: it may have fired more often, for less than a minute.';
}

function sentenceOf(count: number, firingMs: number, coveredMs: number, connections: number): string {
  if (coveredMs === 0) return 'Nothing to test the rule on.';
  if (count === 0) return `Would not have fired in the ${spoken(coveredMs)} recorded.`;
  const times = count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`;
  const where = connections > 1 ? ` on ${counted(connections, 'connection')}` : '';
  return `Would have fired ${times}${where}, for ${spoken(firingMs)} in all.`;
}

/**
 * What a rule would have done on the recorded past of the connections in its scope. Stops where it
 * is when the signal says so, by throwing what the signal was aborted with.
 */
export async function testRule(options: TestOptions): Promise<RuleTest> {
  const { rule, range, onProgress } = options;
  const profileIds = options.profileIds.filter((profileId) => isInScope(rule.scope, profileId));
  if (!alertKindInfo[rule.kind].hasHistory) {
    const nothing = { hits: [], hitCount: 0, firingMs: 0, coveredMs: 0, isExact: false };
    return { ...range, ...nothing, sentence: 'This rule cannot be tested.', exactness: notRecorded };
  }
  const pieces = piecesOf(range).length * profileIds.length;
  let done = 0;
  const logs: HitLog[] = [];
  for (const profileId of profileIds) {
    const onPiece = () => {
      done += 1;
      onProgress(done / pieces);
    };
    logs.push(await replayConnection(options, profileId, onPiece));
  }
  const hits = logs.flatMap((log) => log.hits).sort((a, b) => a.firedAtMs - b.firedAtMs);
  const firingMs = logs.reduce((sum, log) => sum + log.firingMs, 0);
  const coveredMs = Math.round(logs.reduce((sum, log) => sum + log.coveredMs, 0));
  const isExact = coveredMs > 0 && logs.every((log) => log.isExact);
  const connections = new Set(hits.map(({ profileId }) => profileId)).size;
  return {
    ...range,
    hits: hits.slice(0, maxRuleHits).map(({ ruleId: _, ...hit }) => hit),
    hitCount: hits.length,
    firingMs,
    coveredMs,
    sentence: sentenceOf(hits.length, firingMs, coveredMs, connections),
    exactness: exactnessOf(rule, coveredMs, isExact),
    isExact,
  };
}
