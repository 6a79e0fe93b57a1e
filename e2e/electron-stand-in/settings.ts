/** What a test decides in the user's place; set in the environment of the program under test. */
export const standInSettings = {
  /** Where "Save" puts files; null presses Escape instead. */
  saveFolder: process.env.STAND_IN_SAVE_FOLDER || null,
  /** Holds the file that "Open" picks; null presses Escape instead. */
  openFolder: process.env.STAND_IN_OPEN_FOLDER || null,
  /** The button pressed in a question; null presses Escape instead. */
  pressedButton: process.env.STAND_IN_PRESSED_BUTTON || null,
  /** `none`: a Linux desktop without a keyring. */
  keychain: process.env.STAND_IN_KEYCHAIN === 'none' ? 'none' : 'keyring',
  dark: process.env.STAND_IN_DARK === '1',
} as const;
