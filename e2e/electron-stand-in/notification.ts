import { EventEmitter } from 'node:events';
import type { OnlyMembersOf } from './shape.ts';

/** A desktop that prints what it is told, and whose user clicks nothing. */
export class StandInNotification {
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly #emitter = new EventEmitter();

  static isSupported(): boolean {
    return true;
  }

  constructor({ title = '', body = '', silent = false }: Electron.NotificationConstructorOptions) {
    this.title = title;
    this.body = body;
    this.silent = silent;
  }

  on(event: string, listener: (...args: never[]) => void): this {
    this.#emitter.on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  show(): void {
    process.stdout.write(`Electron stand-in: notification "${this.title}"\n`);
  }
}

true satisfies OnlyMembersOf<Electron.Notification, StandInNotification>;
