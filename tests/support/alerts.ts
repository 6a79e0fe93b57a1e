import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Alert } from '#shared/model/alert.ts';

/** An alert that fires on the connection "shop". */
export function alertOf(changes: Partial<Omit<Alert, 'snoozedUntilMs'>> = {}): Omit<Alert, 'snoozedUntilMs'> {
  return {
    ...{ alertId: randomUUID(), ruleId: 'pending', ruleName: 'Requests waiting', kind: 'pending' },
    ...{ severity: 'warning', profileId: 'a', connectionName: 'shop', state: 'firing' },
    ...{ sentence: '12 requests wait for a connection.', sinceMs: 1000, firedAtMs: 11_000 },
    ...{ acknowledgedAtMs: null, resolvedAtMs: null, ending: null, threshold: 0, value: 12 },
    ...{ worstValue: 12, lastValue: 12, unknownSinceMs: null, causes: [] },
    ...changes,
  } as Omit<Alert, 'snoozedUntilMs'>;
}

export interface Received {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A target of webhooks on this machine. Answers with the statuses given, in turn; the last one stays. */
export interface Target {
  url: string;
  received: Received[];
  /** `hang`: takes the request and never answers. */
  answer(...answers: (number | 'hang')[]): void;
  close(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const received: Received[] = [];
  let answers: (number | 'hang')[] = [200];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next === 'hang' || next === undefined) return;
      response.writeHead(next, next >= 300 && next < 400 ? { location: '/elsewhere' } : {}).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook?key=hidden`,
    received,
    answer(...next) {
      answers = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
