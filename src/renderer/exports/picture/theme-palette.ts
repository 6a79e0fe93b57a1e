import type { Palette } from './series-markup.ts';

/** What a picture is painted on. */
export type PictureTheme = 'light' | 'current';

/**
 * The theme's colours as they are now, or those of the light theme. The element that lends them is
 * gone when the function returns, so ask for them with `names` beforehand.
 */
export function themePalette(theme: PictureTheme, names: readonly string[]): Palette {
  const lender = document.createElement('div');
  if (theme === 'light') lender.dataset.palette = 'light';
  lender.hidden = true;
  document.body.append(lender);
  const style = getComputedStyle(lender);
  const colors = new Map(names.map((name) => [name, style.getPropertyValue(name).trim()]));
  lender.remove();
  return (name) => colors.get(name) ?? 'currentColor';
}

/** Whether the page is dark now: only then do the two themes differ. */
export function isDarkNow(): boolean {
  return document.documentElement.dataset.mantineColorScheme === 'dark';
}
