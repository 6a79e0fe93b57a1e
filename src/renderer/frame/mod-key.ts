/** The word on this machine's main modifier key. */
export const modKey = /mac/i.test(navigator.userAgent) ? '⌘' : 'Ctrl';
