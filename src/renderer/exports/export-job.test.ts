import { describe, expect, it } from 'vitest';
import type { ExportProgress, SaveOutcome } from '#shared/contract/exporter.ts';
import { RequestError } from '../bridge/client.ts';
import { ExportJob, type JobState } from './export-job.ts';
import type { ExportRequest } from './export-values.ts';

const request: ExportRequest = {
  ...{ profileIds: ['a'], fromMs: 0, toMs: 1000, format: 'csv' },
  resolution: { kind: 'raw' },
};

function setUp() {
  const asked: { route: string; input: { exportId: string }; signal: AbortSignal | undefined }[] = [];
  const downloads: string[] = [];
  const unseen: JobState[] = [];
  const listeners = new Set<(progress: ExportProgress) => void>();
  let answer = Promise.withResolvers<SaveOutcome>();
  const job = new ExportJob({
    client: {
      request: ((route: string, input: never, options?: { signal?: AbortSignal }) => {
        asked.push({ route, input, signal: options?.signal });
        if (route === 'exporter.cancel') return Promise.resolve({});
        answer = Promise.withResolvers<SaveOutcome>();
        options?.signal?.addEventListener('abort', () =>
          answer.reject(new RequestError({ code: 'cancelled', message: 'Cancelled.', details: {} })),
        );
        return answer.promise;
      }) as never,
      on: ((_event: string, listener: (progress: ExportProgress) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      }) as never,
    },
    download: (url) => downloads.push(url),
    endedUnseen: (state) => unseen.push(state),
  });
  const progress = (change: Partial<ExportProgress>) => {
    const base = { exportId: asked.at(-1)?.input.exportId ?? '', state: 'running' } as const;
    for (const hear of [...listeners]) hear({ ...base, rows: 10, expectedRows: 20, bytes: 300, ...change });
  };
  return { job, asked, downloads, unseen, listeners, progress, answer: () => answer };
}

const download = { kind: 'download', url: '/download/x', fileName: 'x.csv' } as const;

describe('an export', () => {
  it('that the engine saves ends with its path and what was written', async () => {
    const { job, progress, answer, listeners } = setUp();
    const started = job.start(request, 20);
    progress({});
    expect(job.state()).toEqual({
      kind: 'running',
      rows: 10,
      expectedRows: 20,
      bytes: 300,
      downloading: false,
    });
    progress({ state: 'done', rows: 20, bytes: 600 });
    expect(job.state().kind).toBe('running');
    answer().resolve({ kind: 'saved', path: '/home/me/x.csv' });
    await started;
    expect(job.state()).toEqual({
      kind: 'done',
      rows: 20,
      bytes: 600,
      fileName: 'x.csv',
      path: '/home/me/x.csv',
    });
    expect(listeners.size).toBe(0);
  });

  it('that the browser downloads ends when its progress says so', async () => {
    const { job, progress, answer, downloads } = setUp();
    const started = job.start(request, 20);
    answer().resolve(download);
    await started;
    expect(downloads).toEqual(['/download/x']);
    expect(job.state()).toMatchObject({ kind: 'running', downloading: true });
    progress({ state: 'done', rows: 20 });
    expect(job.state()).toMatchObject({ kind: 'done', fileName: 'x.csv', path: null });
  });

  it('that breaks off in the download says the file is incomplete and what to do', async () => {
    const { job, progress, answer } = setUp();
    const started = job.start(request, 20);
    answer().resolve(download);
    await started;
    progress({ state: 'failed' });
    expect(job.state()).toMatchObject({ kind: 'failed', error: { details: { remedy: expect.any(String) } } });
  });

  it("that fails says so in the engine's words", async () => {
    const { job, answer } = setUp();
    const started = job.start(request, 20);
    const error = {
      code: 'storage_failed' as const,
      message: 'Disk full.',
      details: { remedy: 'Free some.' },
    };
    answer().reject(new RequestError(error));
    await started;
    expect(job.state()).toEqual({ kind: 'failed', error });
  });

  it('can be cancelled while it is written and while it is downloaded', async () => {
    for (const downloading of [false, true]) {
      const { job, asked, answer, progress, listeners } = setUp();
      const started = job.start(request, 20);
      if (downloading) answer().resolve(download);
      if (downloading) await started;
      const { exportId } = asked[0]?.input ?? {};
      job.cancel();
      await started;
      expect(job.state()).toEqual({ kind: 'cancelled' });
      expect(asked[0]?.signal?.aborted).toBe(true);
      expect(asked.at(-1)).toMatchObject({ route: 'exporter.cancel', input: { exportId } });
      progress({ exportId: exportId ?? '', state: 'done' });
      expect(job.state()).toEqual({ kind: 'cancelled' });
      expect(listeners.size).toBe(0);
    }
  });

  it('whose save dialog was dismissed is no failure', async () => {
    const { job, answer } = setUp();
    const started = job.start(request, 20);
    answer().resolve({ kind: 'cancelled' });
    await started;
    expect(job.state()).toEqual({ kind: 'cancelled' });
  });

  it("is not mixed up with another window's", () => {
    const { job, progress } = setUp();
    void job.start(request, 20);
    progress({ exportId: 'someone-else', rows: 999 });
    expect(job.state()).toMatchObject({ rows: 0 });
  });

  it('goes on when its dialog is closed, and then says that it ended', async () => {
    const { job, answer, unseen } = setUp();
    const close = job.watch();
    const started = job.start(request, 20);
    close();
    answer().resolve({ kind: 'saved', path: '/x.csv' });
    await started;
    expect(unseen).toHaveLength(1);
    job.watch();
    expect(job.state()).toEqual({ kind: 'idle' });
  });

  it('runs alone: a second one is not started meanwhile', () => {
    const { job, asked } = setUp();
    void job.start(request, 20);
    void job.start({ ...request, format: 'bundle' }, 20);
    expect(asked.map(({ route }) => route)).toEqual(['exporter.save']);
  });

  it('as a bundle asks for no format or resolution', () => {
    const { job, asked } = setUp();
    void job.start({ ...request, format: 'bundle' }, 20);
    expect(asked[0]).toMatchObject({ route: 'exporter.bundle' });
    expect(asked[0]?.input).not.toHaveProperty('format');
  });
});
