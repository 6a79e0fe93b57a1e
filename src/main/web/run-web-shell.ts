import { systemClock } from '#engine/base/clock.ts';
import { type DataFolderLock, lockDataFolder } from '#engine/base/data-folder-lock.ts';
import { EngineError } from '#engine/base/errors.ts';
import { createLogger } from '#engine/base/log.ts';
import { logLevel, openLogFile } from '#engine/base/log-file.ts';
import { createEngine } from '#engine/index.ts';
import type { Vault } from '#engine/ports.ts';
import { createSessionVault, openPassphraseVault } from '#engine/profiles/index.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { defaultDataFolder } from '../shells/default-data-folder.ts';
import { Shutdown } from '../shells/shutdown.ts';
import { type CliFlags, FlagError, readFlags, usage } from './cli-flags.ts';
import { Downloads } from './downloads.ts';
import { startWebServer } from './http-server.ts';
import { showWindow } from './show-window.ts';
import { StartError } from './start-error.ts';

const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

async function openVault(dataFolder: string): Promise<Vault> {
  const passphrase = process.env.POOLSCOPE_VAULT_PASSPHRASE;
  // Children (the sample server, a browser) inherit the environment and have no use for it.
  delete process.env.POOLSCOPE_VAULT_PASSPHRASE;
  return passphrase ? openPassphraseVault({ dataFolder, passphrase }) : createSessionVault();
}

async function start(flags: CliFlags, rendererFolder: string, shutdown: Shutdown): Promise<void> {
  const lock: DataFolderLock = await lockDataFolder(flags.dataFolder ?? defaultDataFolder());
  shutdown.add(() => lock.release());
  const dataFolder = lock.folder;
  const log = createLogger(openLogFile(dataFolder, say), logLevel());
  shutdown.logTo(log);
  const downloads = new Downloads();
  const engine = await createEngine({
    shell: 'web',
    version: packageJson.version,
    dataFolder,
    vault: await openVault(dataFolder),
    saveFile: async (request) => downloads.save(request),
    log,
    clock: systemClock,
  });
  shutdown.add(() => engine.close());
  const { router, events } = engine;
  const server = await startWebServer({ port: flags.port, rendererFolder, router, events, downloads, log });
  shutdown.add(() => server.close());
  if (shutdown.hasBegun) return;
  process.stdout.write(`Poolscope is ready at ${server.access.url}\n`);
  showWindow({ flags, dataFolder, access: server.access, shutdown, say });
  // Its progress and its failure are events, shown by the page.
  if (flags.sample) engine.startSampleDatabase().catch((error) => log.error({ err: error }, 'no sample'));
}

/** What to say and which code to exit with when Poolscope cannot start or go on. */
function explain(error: unknown): { sentence: string; exitCode: number } {
  if (error instanceof FlagError) return { sentence: `${error.message} ${usage}`, exitCode: 2 };
  if (error instanceof StartError) return { sentence: error.message, exitCode: 1 };
  if (error instanceof EngineError) {
    return { sentence: [error.message, error.details.remedy].filter(Boolean).join(' '), exitCode: 1 };
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  return { sentence: `Poolscope met an error of its own and ends: ${message}`, exitCode: 1 };
}

/** Runs the web shell as this process, until something ends it. */
export async function runWebShell(options: { argv: string[]; rendererFolder: string }): Promise<void> {
  const shutdown = new Shutdown(process, say);
  const fail = (error: unknown) => {
    const { sentence, exitCode } = explain(error);
    shutdown.fail(error, exitCode, () => say(sentence));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // A terminal that was closed takes no more words; that must not keep us from ending in order.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  shutdown.listen();
  try {
    const starting = start(readFlags(options.argv, process.env), options.rendererFolder, shutdown);
    shutdown.waitFor(starting);
    await starting;
  } catch (error) {
    fail(error);
  }
}
