import { describe, expect, it } from 'vitest';
import type { Advice } from '#shared/model/advice.ts';
import { calculate, measuredValues } from './calculator-values.ts';

const advice = {
  demand: {
    ...{ minuteStartMs: 0, kind: 'open', arrivalsPerS: 153.4567, holdMs: 20.123, load: 3.09 },
    ...{ holdCs2: 0.96, arrivalCs2: null },
  },
  inputs: { targetWaitMs: 30, instances: 1, connectionsPerTask: 1, serverCores: null },
  cores: { count: 4, source: 'machine' },
} as unknown as Advice;

describe('the calculator', () => {
  it('starts with what was measured, rounded as people read it', () => {
    expect(measuredValues(advice)).toMatchObject({
      ...{ requestsPerS: 153, queryMs: 20.1, cores: 4, targetWaitMs: 30, holdCs2: 0.96, arrivalCs2: 1 },
    });
    expect(measuredValues({ ...advice, demand: null, cores: null })).toMatchObject({
      cores: '',
      queryMs: 50,
    });
  });

  it('sets the three formulas side by side', () => {
    const { classic, cores, model, errors } = calculate(measuredValues(advice));
    expect(errors).toEqual({});
    expect(classic.size).toBe(4);
    expect(cores.size).toBe(9);
    expect(model.size).toBe(5);
    expect(model.note).toMatch(/^Wait p95 .* ms\.$/);
  });

  it('does without the cores, and says so there alone', () => {
    const calculated = calculate({ ...measuredValues(advice), cores: '' });
    expect(calculated.cores).toEqual({ size: null, note: 'Enter the cores of the server.' });
    expect(calculated.model.size).toBe(5);
    expect(calculated.errors).toEqual({});
  });

  it('says what a box must hold, and goes on with what does not need it', () => {
    const calculated = calculate({ ...measuredValues(advice), targetPercent: 0, queryMs: 'soon' });
    expect(calculated.errors).toEqual({
      targetPercent: 'Target utilization (%) must be a number from 1 to 100.',
      queryMs: 'Average query time (ms) must be a number from 0.001 to 3,600,000.',
    });
    expect(calculated.classic.size).toBeNull();
    expect(calculated.cores.size).toBe(9);
    expect(calculate({ ...measuredValues(advice), cores: 2.5 }).errors.cores).toContain('whole number');
  });

  it('says when no pool will do', () => {
    const { model } = calculate({ ...measuredValues(advice), requestsPerS: 1_000_000, queryMs: 1000 });
    expect(model).toEqual({ size: null, note: 'No pool of up to 1,000 would do.' });
  });
});
