import { spawn } from 'node:child_process';
import { root } from './project.mjs';

/** A child gets this long after it was asked to end; Poolscope itself promises 5 s. */
const patienceMs = 5000;
const lookAtParentMs = 500;

const children = new Set();
let isStopping = false;

/**
 * Runs a program to its end. Its output is ours; with `quietStdout` it goes to stderr, because
 * stdout is kept for what the user asked for. `ipc` opens a channel by which the child learns that
 * we are gone. Answers with the exit code and signal (null when it could not be started).
 */
export function run(command, args, options = {}) {
  const {
    env = process.env,
    quietStdout = false,
    captureStderr = false,
    ipc = false,
    shell = false,
    timeoutMs,
  } = options;
  if (isStopping) return new Promise(() => {});
  return new Promise((resolve) => {
    const stdio = ['inherit', quietStdout ? 2 : 'inherit', captureStderr ? 'pipe' : 'inherit'];
    const child = spawn(command, args, { cwd: root, env, shell, stdio: ipc ? [...stdio, 'ipc'] : stdio });
    let stderr = '';
    let timer;
    children.add(child);
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    if (timeoutMs !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const end = (code, signal) => {
      clearTimeout(timer);
      children.delete(child);
      // Whoever waits for this child would go on to the next step.
      if (!isStopping) resolve({ code, signal, stderr });
    };
    child.once('error', () => end(null, null));
    child.once('close', end);
  });
}

/**
 * From now on SIGINT, SIGTERM and SIGHUP end every child and then this script, with the given exit
 * code. So does the end of npm: it passes signals to the shell between us, which may die of them alone.
 */
export function endWithChildren(exitCode) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal, exitCode));
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  setInterval(() => {
    if (process.ppid !== parent) stop('SIGTERM', exitCode);
  }, lookAtParentMs).unref();
}

function stop(signal, exitCode) {
  if (isStopping) return;
  isStopping = true;
  if (children.size === 0) process.exit(exitCode);
  const isLastGone = () => children.size === 0 && process.exit(exitCode);
  for (const child of children) {
    child.once('close', isLastGone);
    child.kill(signal);
  }
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
    process.exit(exitCode);
  }, patienceMs);
}
