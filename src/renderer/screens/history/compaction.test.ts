import { describe, expect, it } from 'vitest';
import { RequestError } from '../../bridge/client.ts';
import { Compaction } from './compaction.ts';

function setUp() {
  const answer = Promise.withResolvers<{ beforeBytes: number; afterBytes: number }>();
  const hear: ((progress: { doneBytes: number; totalBytes: number }) => void)[] = [];
  let asked = 0;
  let ended = 0;
  const compaction = new Compaction(
    {
      request: ((_route: string, _input: object, { signal }: { signal: AbortSignal }) => {
        asked += 1;
        signal.addEventListener('abort', () =>
          answer.reject(new RequestError({ code: 'cancelled', message: 'Cancelled.', details: {} })),
        );
        return answer.promise;
      }) as never,
      on: ((_event: string, listener: (typeof hear)[number]) => {
        hear.push(listener);
        return () => void hear.splice(hear.indexOf(listener), 1);
      }) as never,
    },
    () => {
      ended += 1;
    },
  );
  return { compaction, answer, hear, asked: () => asked, ended: () => ended };
}

describe('compacting', () => {
  it('says how far it is, and what it came to', async () => {
    const { compaction, answer, hear, ended } = setUp();
    const run = compaction.start();
    hear[0]?.({ doneBytes: 5, totalBytes: 10 });
    expect(compaction.state()).toEqual({ kind: 'running', doneBytes: 5, totalBytes: 10 });
    answer.resolve({ beforeBytes: 10, afterBytes: 4 });
    await run;
    expect(compaction.state()).toEqual({ kind: 'done', beforeBytes: 10, afterBytes: 4 });
    expect([hear.length, ended()]).toEqual([0, 1]);
  });

  it('can be cancelled, which is no failure', async () => {
    const { compaction, ended } = setUp();
    const run = compaction.start();
    compaction.cancel();
    await run;
    expect(compaction.state()).toEqual({ kind: 'cancelled' });
    expect(ended()).toBe(1);
  });

  it("fails in the engine's words", async () => {
    const { compaction, answer } = setUp();
    const run = compaction.start();
    answer.reject(new RequestError({ code: 'storage_failed', message: 'Disk full.', details: {} }));
    await run;
    expect(compaction.state()).toMatchObject({ kind: 'failed', error: { message: 'Disk full.' } });
  });

  it('runs once at a time', async () => {
    const { compaction, asked } = setUp();
    void compaction.start();
    void compaction.start();
    expect(asked()).toBe(1);
  });
});
