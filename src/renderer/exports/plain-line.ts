/** Line breaks and other control characters, and those that turn the direction of text around. */
const unseen = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * Text of someone else's (a connection's name, a note) as one line that reads as it is written:
 * nothing in it can break a line, hide, or reverse what stands beside it.
 */
export function plainLine(text: string): string {
  return text.toWellFormed().replace(unseen, ' ').replace(/\s+/g, ' ').trim();
}
