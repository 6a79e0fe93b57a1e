const leastPassphrase = 8;

/** Why a passphrase will not do, one sentence; null when it will. */
export function passphraseProblem(passphrase: string, again: string): string | null {
  if (passphrase.length < leastPassphrase) {
    return `The passphrase must be at least ${leastPassphrase} characters long.`;
  }
  return again === passphrase ? null : 'The two passphrases are not the same.';
}
