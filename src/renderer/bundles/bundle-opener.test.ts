import { describe, expect, it } from 'vitest';
import type { OpenBundle, OpenBundleOutcome } from '#shared/contract/history-bundle.ts';
import { RequestError } from '../bridge/client.ts';
import { BundleOpener } from './bundle-opener.ts';
import { sendBundle } from './send-bundle.ts';

const bundle: OpenBundle = {
  ...{ bundleId: 'b1', fileName: 'orders.poolscope', writtenBy: '0.2.0', writtenAtMs: 0 },
  ...{ fromMs: 0, toMs: 1000, profiles: [], samples: 0, events: 0 },
};
const upload = (url: string): OpenBundleOutcome => ({ kind: 'upload', url, maxBytes: 100 });
const file = (bytes: number) => new File([new Uint8Array(bytes)], 'orders.poolscope');
const truncated = new RequestError({
  code: 'bad_input',
  message: 'The bundle is cut off.',
  details: { remedy: 'Have it sent again.' },
});

function setUp(answers: OpenBundleOutcome[], sends: (OpenBundle | Error)[] = []) {
  const sentTo: string[] = [];
  const opened: OpenBundle[] = [];
  const opener = new BundleOpener({
    ask: async () => answers.shift() ?? { kind: 'cancelled' },
    send: async (url) => {
      sentTo.push(url);
      const next = sends.shift() ?? bundle;
      if (next instanceof Error) throw next;
      return next;
    },
    opened: (value) => opened.push(value),
  });
  return { opener, sentTo, opened };
}

describe('opening an incident bundle', () => {
  it("by the shell's own dialog takes what it answers", async () => {
    const { opener, opened } = setUp([{ kind: 'opened', value: bundle }]);
    await opener.start();
    expect(opened).toEqual([bundle]);
    expect(opener.state()).toEqual({ kind: 'closed' });
  });

  it('that was dismissed is no failure', async () => {
    const { opener } = setUp([{ kind: 'cancelled' }]);
    await opener.start();
    expect(opener.state()).toEqual({ kind: 'closed' });
  });

  it('in a browser asks for the file and sends it', async () => {
    const { opener, opened, sentTo } = setUp([upload('/upload/1')]);
    await opener.start();
    expect(opener.state()).toEqual({ kind: 'choose', maxBytes: 100, error: null });
    await opener.choose(file(10));
    expect(sentTo).toEqual(['/upload/1']);
    expect(opened).toEqual([bundle]);
  });

  it('says what is wrong with a file, and takes another one to a new address', async () => {
    const { opener, opened, sentTo } = setUp([upload('/upload/1'), upload('/upload/2')], [truncated]);
    await opener.start();
    await opener.choose(file(10));
    expect(opener.state()).toMatchObject({ kind: 'choose', error: { message: 'The bundle is cut off.' } });
    await opener.choose(file(11));
    expect(sentTo).toEqual(['/upload/1', '/upload/2']);
    expect(opened).toHaveLength(1);
  });

  it('does not even send what is empty or too large', async () => {
    const { opener, sentTo } = setUp([upload('/upload/1')]);
    await opener.start();
    for (const [bytes, words] of [
      [0, /is empty/],
      [101, /up to 100 bytes/],
    ] as const) {
      await opener.choose(file(bytes));
      expect(opener.state()).toMatchObject({
        kind: 'choose',
        error: { message: expect.stringMatching(words) },
      });
    }
    expect(sentTo).toEqual([]);
  });

  it("that fails in the shell says so in the engine's words", async () => {
    const opener = new BundleOpener({
      ask: () => Promise.reject(truncated),
      send: () => Promise.reject(truncated),
      opened: () => {},
    });
    await opener.start();
    expect(opener.state()).toMatchObject({ kind: 'failed', error: { message: 'The bundle is cut off.' } });
  });

  it('can be given up while a file is sent; what comes later changes nothing', async () => {
    const sent = Promise.withResolvers<OpenBundle>();
    const opened: OpenBundle[] = [];
    const opener = new BundleOpener({
      ask: async () => upload('/upload/1'),
      send: () => sent.promise,
      opened: (value) => opened.push(value),
    });
    await opener.start();
    const choosing = opener.choose(file(10));
    expect(opener.state().kind).toBe('sending');
    opener.cancel();
    sent.resolve(bundle);
    await choosing;
    expect(opener.state()).toEqual({ kind: 'closed' });
    expect(opened).toEqual([]);
  });
});

describe('sending a bundle', () => {
  const signal = new AbortController().signal;
  const answering = (text: string) => async () => ({ text: async () => text });

  it('gets the bundle out of the envelope', async () => {
    const send = answering(JSON.stringify({ ok: true, data: bundle }));
    expect(await sendBundle('/upload/1', file(1), signal, send)).toEqual(bundle);
  });

  it("fails in the engine's words", async () => {
    const send = answering(
      JSON.stringify({ ok: false, error: { code: 'bad_input', message: 'Cut off.', details: {} } }),
    );
    await expect(sendBundle('/upload/1', file(1), signal, send)).rejects.toThrow('Cut off.');
  });

  it('fails in words where there is no envelope, or no answer', async () => {
    for (const send of [
      answering('<h1>413</h1>'),
      answering('null'),
      () => Promise.reject(new TypeError('Failed to fetch')),
    ]) {
      const failure = await sendBundle('/upload/1', file(1), signal, send).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(RequestError);
      expect((failure as RequestError).details.remedy).toBeDefined();
    }
  });
});
