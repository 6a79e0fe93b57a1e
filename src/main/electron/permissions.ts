import type { Session } from 'electron';

/** Poolscope's page needs no camera, no location, no device: whatever is asked, the answer is no. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
