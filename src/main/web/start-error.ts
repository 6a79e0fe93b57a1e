/** Poolscope cannot start, for a reason the user can mend; the message is one sentence for stderr. */
export class StartError extends Error {}
