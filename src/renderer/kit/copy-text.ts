import { notifications } from '@mantine/notifications';

/** Of the last copy: only one such notice stands at a time. */
let noticeId = '';

/** Puts text on the clipboard and says so; says too when the browser will not have it. */
export async function copyText(text: string, what: string): Promise<void> {
  const copied = await putOnClipboard(text);
  notifications.hide(noticeId);
  noticeId = notifications.show({
    title: copied ? `Copied ${what}` : `${what} could not be copied`,
    message: copied
      ? text.slice(0, 200).split('\n', 1)[0]
      : 'This browser keeps pages from using the clipboard.',
    color: copied ? 'scope' : 'red',
    autoClose: copied ? 4000 : 12_000,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}

/**
 * Resolves to whether it worked. Where the page may not use the clipboard's own interface (the
 * desktop window denies every permission), copying a selection still works on a click.
 */
export async function putOnClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.cssText = 'position: fixed; top: 0; left: 0; opacity: 0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
