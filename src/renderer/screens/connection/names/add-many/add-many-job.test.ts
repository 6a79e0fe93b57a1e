import { describe, expect, it } from 'vitest';
import type { AddManyProgress } from '#shared/contract/names.ts';
import type { StagedPreview } from '#shared/contract/names-staged.ts';
import { RequestError } from '../../../../bridge/client.ts';
import { AddManyJob, type AddManyState } from './add-many-job.ts';
import { skippedInWords, understood } from './words.ts';

const served = { waitMs: 0, queryMs: 1, processId: 7 };
const preview: StagedPreview = {
  stageId: 's',
  ...{ count: 2, repeated: 0, first: [{ line: 1, name: 'Ann' }], columns: [] },
  skipped: [{ reason: 'empty', count: 7, lines: [2, 4, 6, 8, 10] }],
  reading: { encoding: 'utf-8', layout: 'lines', header: false, column: 0 },
};
const refusal = new RequestError({
  code: 'unique_violation',
  message: 'Nothing was added. Taken.',
  details: {},
});

function setUp() {
  const asked: { route: string; input: Record<string, unknown> }[] = [];
  const answers: Record<string, () => unknown> = {
    'names.preview': () => preview,
    'names.addMany': () => ({ added: 2, served }),
  };
  let hear: (progress: AddManyProgress) => void = () => {};
  const added: number[] = [];
  const seen: AddManyState['kind'][] = [];
  const job = new AddManyJob({
    client: {
      request: (async (route: string, input: Record<string, unknown>) => {
        asked.push({ route, input });
        return answers[route]?.() ?? {};
      }) as never,
      on: ((_event: string, listener: typeof hear) => {
        hear = listener;
        return () => {};
      }) as never,
    },
    target: { profileId: 'p', schema: 'public' },
    added: (count) => added.push(count),
  });
  job.subscribe(() => seen.push(job.state().kind));
  const paste = (text: string) => job.take({ name: null, blob: new Blob([text]) });
  return { job, asked, answers, added, seen, paste, tell: (progress: AddManyProgress) => hear(progress) };
}

describe('adding many names', () => {
  it('sends in parts that fit into a message, previews, and adds what was previewed', async () => {
    const { job, asked, added, paste } = setUp();
    await paste('Zoë\n'.repeat(250_000));
    const parts = asked.filter(({ route }) => route === 'names.stage');
    const binary = parts.map(({ input }) => atob(String(input.base64))).join('');
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    expect(new TextDecoder().decode(bytes)).toBe('Zoë\n'.repeat(250_000));
    expect(parts.every(({ input }) => String(input.base64).length < 900_000)).toBe(true);
    expect(job.state()).toMatchObject({ kind: 'preview', preview: { count: 2 } });
    await job.add();
    expect(job.state()).toEqual({ kind: 'done', added: 2, served });
    expect(added).toEqual([2]);
    const ids = new Set(asked.map(({ input }) => input.stageId));
    expect(ids.size).toBe(1);
  });

  it('goes back to the preview with the reason when nothing was added', async () => {
    const { job, answers, added, paste } = setUp();
    answers['names.addMany'] = () => {
      throw refusal;
    };
    await paste('Ann');
    await job.add();
    expect(job.state()).toMatchObject({ kind: 'preview', error: { message: 'Nothing was added. Taken.' } });
    expect(added).toEqual([]);
  });

  it('tells how far it is, by its own progress alone', async () => {
    const { job, asked, answers, paste, tell } = setUp();
    const answer = Promise.withResolvers<unknown>();
    answers['names.addMany'] = () => answer.promise;
    await paste('Ann');
    const adding = job.add();
    const stageId = String(asked.at(-1)?.input.stageId);
    tell({ stageId: 'another', sent: 9, total: 9 });
    tell({ stageId, sent: 1, total: 2 });
    expect(job.state()).toMatchObject({ kind: 'adding', sent: 1 });
    answer.resolve({ added: 2, served });
    await adding;
    expect(job.state().kind).toBe('done');
  });

  it('reads again in another way, also after it could not be read', async () => {
    const { job, asked, answers, paste } = setUp();
    answers['names.preview'] = () => {
      throw new RequestError({ code: 'bad_input', message: 'Not UTF-8.', details: {} });
    };
    await paste('Ann');
    expect(job.state()).toMatchObject({ kind: 'unread', error: { message: 'Not UTF-8.' } });
    answers['names.preview'] = () => preview;
    await job.read({ encoding: 'windows-1252' });
    expect(asked.at(-1)?.input.reading).toMatchObject({ encoding: 'windows-1252', layout: 'auto' });
    expect(job.state().kind).toBe('preview');
  });

  it('refuses an empty file without sending it, and forgets what was sent when begun anew', async () => {
    const { job, asked, paste } = setUp();
    await job.take({ name: 'a.csv', blob: new Blob([]) });
    expect(job.state()).toMatchObject({ kind: 'choose', error: { message: '“a.csv” is empty.' } });
    expect(asked).toEqual([]);
    await paste('Ann');
    job.restart();
    expect(asked.at(-1)?.route).toBe('names.unstage');
    expect(job.state()).toEqual({ kind: 'choose', error: null });
  });
});

describe('the words of a preview', () => {
  it('tell what was understood and what is left out', () => {
    expect(understood(preview, null)).toBe('2 names understood from the paste (UTF-8, one name a line).');
    const columns = { ...preview, columns: ['id', 'name'], repeated: 3 };
    const reading = { ...preview.reading, layout: 'comma', column: 1 } as const;
    expect(understood({ ...columns, reading }, 'a.csv')).toBe(
      '2 names understood from “a.csv” (UTF-8, columns parted by commas, from the column “name”). 3 of them stand there more than once; they are added as often.',
    );
    expect(preview.skipped.map(skippedInWords)).toEqual(['7 lines are empty (2, 4, 6, 8, 10, …)']);
    expect(skippedInWords({ reason: 'nul', count: 1, lines: [3] })).toBe(
      'Line 3 holds the character U+0000, which PostgreSQL cannot store',
    );
  });
});
