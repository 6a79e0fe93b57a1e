import type { AppInfo } from '#shared/contract/app.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { SampleDatabaseStatus } from '#shared/contract/sample-database.ts';
import { profileDefaults } from '#shared/model/profile.ts';

export function benchProfile(profileId: string, i: number): ProfileView {
  return {
    ...profileDefaults,
    profileId,
    name: `Connection ${i + 1}`,
    kind: 'user',
    hasPassword: true,
    hasKeyPassphrase: false,
  };
}

export function openStatus(profileId: string): PoolStatus {
  return {
    profileId,
    state: 'open',
    target: null,
    openedAtMs: Date.now(),
    error: null,
    health: {
      state: 'healthy',
      roundTripMs: 0.6,
      lastCheckedAtMs: Date.now(),
      consecutiveFailures: 0,
      lastError: null,
    },
  };
}

export const notAnswered = (route: string): ErrorPayload => ({
  code: 'not_supported',
  message: `The bench does not answer ${route}.`,
  details: {},
});

export const benchApp = (): AppInfo => ({
  version: '0.0.0',
  shell: 'web',
  dataFolder: '/tmp',
  vault: { kind: 'session', persistent: false, explanation: '' },
  sampleDatabaseAvailable: false,
  notices: [],
  nowMs: Date.now(),
});

export const benchSampleDatabase = (): SampleDatabaseStatus => ({
  state: 'stopped',
  step: '',
  profileId: null,
  workloadRunning: false,
  error: null,
});
