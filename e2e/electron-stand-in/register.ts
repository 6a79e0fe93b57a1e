/**
 * Run as `node --import ./e2e/electron-stand-in/register.ts out/main/electron.js`: from here on
 * `import … from 'electron'` gets the stand-in. Nothing else of the program is touched.
 */
import { registerHooks } from 'node:module';

const standIn = new URL('./index.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'electron') return { url: standIn, shortCircuit: true };
    return nextResolve(specifier, context);
  },
});
