import { existsSync } from 'node:fs';
import type { FullConfig } from '@playwright/test';
import keepClusterTemplates from '../tests/support/cluster-templates.ts';
import { chromiumLaunch } from './chromium.ts';
import { built, reasonNotToRun } from './environment.ts';

/** Says once, before anything runs, what is missing; and what is skipped because of it. */
export default function globalSetup(_config: FullConfig): Promise<() => Promise<void>> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24)
    throw new Error(`These tests need Node 24 and run on ${process.versions.node}: use npm run test:e2e.`);
  for (const file of ['main/serve.js', 'main/electron.js', 'preload/index.cjs', 'renderer/index.html']) {
    if (!existsSync(built(file))) throw new Error(`out/${file} is missing: build first (npm run build).`);
  }
  chromiumLaunch();
  const reason = reasonNotToRun('electron');
  if (reason !== null) process.stdout.write(`\nSKIPPED, the whole project "electron": ${reason}\n\n`);
  return keepClusterTemplates();
}
