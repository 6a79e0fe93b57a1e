import * as z from 'zod/mini';

export const bundleIdSchema = z.string().check(z.minLength(1), z.maxLength(64));

/** An incident bundle that is open, read-only. */
export interface OpenBundle {
  bundleId: string;
  fileName: string;
  /** The version of Poolscope that wrote it, and when. */
  writtenBy: string;
  writtenAtMs: number;
  fromMs: number;
  toMs: number;
  profiles: BundledProfile[];
  samples: number;
  events: number;
}

export interface BundledProfile {
  profileId: string;
  name: string;
  /** Settings as they were, by name, as text; never a password. */
  settings: Record<string, string>;
  samples: number;
}

/**
 * How opening goes on. The Electron shell asks with a dialog and answers with the bundle; the web
 * shell answers with a one-time address on its own origin, to which the page sends the file by POST
 * and gets an envelope with the bundle as the answer.
 */
export type OpenBundleOutcome =
  | { kind: 'opened'; value: OpenBundle }
  | { kind: 'upload'; url: string; maxBytes: number }
  | { kind: 'cancelled' };
