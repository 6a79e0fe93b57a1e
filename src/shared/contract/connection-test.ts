import * as z from 'zod/mini';
import {
  keyPassphraseChangeSchema,
  passwordChangeSchema,
  profileDraftSchema,
  profileIdSchema,
} from '../model/profile.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/** In the order they run. A stage that fails leaves those after it `skipped`. */
export const testStages = ['name', 'tcp', 'tls', 'login', 'query'] as const;
export type TestStage = (typeof testStages)[number];

export interface StageReport {
  stage: TestStage;
  outcome: 'running' | 'passed' | 'failed' | 'skipped';
  /** What was found: "127.0.0.1, ::1", "TLS 1.3", "PostgreSQL 18.0"… */
  finding: string;
  elapsedMs: number;
  error: ErrorPayload | null;
}

export interface ConnectionTestReport {
  passed: boolean;
  stages: StageReport[];
}

export const connectionTestRoutes = {
  /**
   * Opens one connection, step by step, and closes it. Progress comes as `connectionTest.stage`
   * with the caller's `testId`. With `profileId`, `keep` uses the stored secrets.
   */
  'connectionTest.run': route<ConnectionTestReport>()(
    z.object({
      testId: z.string().check(z.minLength(1), z.maxLength(64)),
      draft: profileDraftSchema,
      password: passwordChangeSchema,
      keyPassphrase: keyPassphraseChangeSchema,
      profileId: z.nullable(profileIdSchema),
    }),
  ),
};
