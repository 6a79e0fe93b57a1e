import * as z from 'zod/mini';

// Object schemas look at this when they are built, so it must be imported before any of them:
// the pages' Content-Security-Policy forbids the code generation zod would use otherwise.
z.config({ jitless: true });
