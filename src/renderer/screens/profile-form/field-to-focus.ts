let wanted: { key: string; field: 'name' | 'password' } | null = null;

/** Asks the form of a profile to put the cursor in a field when it opens next. */
export function focusFieldOnOpen(profileId: string, field: 'name' | 'password'): void {
  wanted = { key: profileId, field };
}

/** The field asked for, once; null when none was, or another form's. */
export function takeFieldToFocus(key: string): 'name' | 'password' | null {
  const field = wanted?.key === key ? wanted.field : null;
  wanted = null;
  return field;
}
