import { describe, expect, it } from 'vitest';
import { type LabResult, type LabTraffic, labPrediction } from '#shared/model/lab.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { labMarkdown } from './lab-markdown.ts';
import { cautionsOf, isWithin, resultCells, touchWords, trafficWords, verdictWords } from './lab-words.ts';

const traffic: LabTraffic = { kind: 'open', arrivalsPerS: 150, holdMs: 20, holdCs2: 1, arrivalCs2: 1 };
const result = (more: Partial<LabResult> = {}): LabResult => ({
  ...{ size: 5, end: 'complete', lastedMs: 30_000, requests: 4500, timeouts: 0, unserved: 0 },
  ...{ utilization: 0.602, meanHoldMs: 20.1, meanWaitMs: 2.5, waitP95Ms: 18, lateP95Ms: 0.6 },
  ...{ predicted: labPrediction(traffic, 5), scatterShare: 0.29 },
  ...more,
});

describe('what the lab says', () => {
  it('of a size is one sentence and what the model said', () => {
    expect(verdictWords(result(), 20)).toBe(
      'At 5 connections the p95 wait was 18 ms, within the target of 20 ms. The model said 16 ms.',
    );
    expect(verdictWords(result({ waitP95Ms: 24, timeouts: 3 }), 20)).toBe(
      'At 5 connections the p95 wait was 24 ms, over the target of 20 ms. 3 gave up. The model said 16 ms.',
    );
    expect(verdictWords(result({ waitP95Ms: 149, lateP95Ms: 42 }), 20)).toBe(
      'At 5 connections the p95 wait was 149 ms, over the target of 20 ms; but this machine fell behind, which lengthened it. The model said 16 ms.',
    );
    expect(verdictWords(result({ size: 1, end: 'queueGrew', lastedMs: 4500, unserved: 420 }), 20)).toBe(
      'At 1 connection the queue only grew: stopped after 4.5 s with 420 still waiting.',
    );
    expect(verdictWords(result({ end: 'cutShort', lastedMs: 12_000 }), 20)).toBe(
      'At 5 connections the run was cut short after 12 s.',
    );
  });

  it('of a size that more is asked for than it can do is never that it meets the target', () => {
    const slow: LabTraffic = { kind: 'open', arrivalsPerS: 1, holdMs: 6000, holdCs2: 1, arrivalCs2: 1 };
    const lucky = result({
      waitP95Ms: 3,
      meanWaitMs: 1,
      predicted: labPrediction(slow, 5),
      scatterShare: null,
    });
    expect(verdictWords(lucky, 20)).toBe(
      'At 5 connections the p95 wait was 3.0 ms, within the target of 20 ms. But more is asked for than it can do, so in the end the queue grows without end.',
    );
    expect(isWithin(lucky, 20)).toBe(false);
    expect(resultCells(lucky, 20).at(-1)).toBe('Unsure');
    expect(resultCells({ ...lucky, waitP95Ms: 300 }, 20).at(-1)).toBe('Missed');
  });

  it('before it begins is what it will touch', () => {
    const place = { ...profileDefaults, host: 'db.example.org', port: 5433 };
    expect(touchWords([4, 6], 30, 20, place)).toBe(
      'Opens up to 6 connections to db.example.org port 5433 for about 1 min 10 s and sleeps in them; runs no statement of yours, takes no locks.',
    );
  });

  it('of a closed loop is that it hides queueing', () => {
    expect(trafficWords({ kind: 'callers', callers: 50, holdMs: 1000, holdCs2: 0 })).toContain(
      'hides queueing',
    );
    expect(trafficWords(traffic)).toContain('150/s arrive (Ca² 1.00)');
  });

  it('warns of chance, of a machine that fell behind, and of holds that took longer', () => {
    expect(cautionsOf(result(), traffic)).toEqual([
      'At 5, by chance alone the waits of 19 in 20 such runs are off by up to 29 %, the mean by 0.7 ms.',
    ]);
    const doubtful = result({ scatterShare: 2, lateP95Ms: 9, meanHoldMs: 30, unserved: 4 });
    expect(cautionsOf(doubtful, traffic)).toEqual([
      expect.stringContaining('says little of the waits'),
      expect.stringContaining('4 still waited at the end'),
      expect.stringContaining('this machine fell behind: requests were sent up to 9.0 ms late'),
      expect.stringContaining('holds took 30 ms instead of 20 ms, so the pool had more to do'),
    ]);
  });

  it('stands in a table, also in Markdown', () => {
    const endless = result({ ...{ size: 3, end: 'queueGrew' }, predicted: labPrediction(traffic, 3) });
    expect(resultCells(result(), 20)).toEqual([
      ...['5', '4,500', '60 % (60 %)', '2.5 ms (2.4 ms)', '18 ms (16 ms)', '0', 'Met'],
    ]);
    expect(resultCells(endless, 20)).toContain('18 ms (grows without end)');
    const markdown = labMarkdown([endless, result()], traffic, 20);
    expect(markdown).toContain('| 5 | 4,500 | 60 % (60 %) | 2.5 ms (2.4 ms) | 18 ms (16 ms) | 0 | Met |');
    expect(markdown).toContain('not whether the server itself gets slower');
  });
});
