import type { Page } from '@playwright/test';

/** Everything a page complained of: console errors (Content-Security-Policy among them) and uncaught exceptions. */
export class PageProblems {
  readonly #found = new Set<string>();
  readonly #expected: RegExp[] = [];
  #watched: Page | null = null;

  /** Listens from now on, and asks for what came before. */
  async watch(page: Page): Promise<void> {
    this.#watched = page;
    const add = (text: string) => {
      if (this.#watched === page) this.#found.add(text);
    };
    page.on('pageerror', (error) => add(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') add(message.text());
    });
    for (const error of await page.pageErrors()) this.#found.add(`uncaught: ${error.message}`);
    for (const message of await page.consoleMessages({ filter: 'all' })) {
      if (message.type() === 'error') this.#found.add(message.text());
    }
  }

  /** Allows what a test provokes on purpose. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Stops listening and keeps what came: for the moment before the app is killed. */
  leave(): void {
    this.#watched = null;
  }

  /**
   * What came and was not expected; forgets it and stops listening. For the moment before the app is
   * ended: a page left behind without its server rightly complains.
   */
  take(): string[] {
    const unexpected = [...this.#found].filter(
      (text) => !this.#expected.some((pattern) => pattern.test(text)),
    );
    this.#found.clear();
    this.#watched = null;
    return unexpected;
  }
}
