const reasons: Record<string, string> = {
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENOENT: 'its folder does not exist',
  EEXIST: 'a file stands in its place',
  ENOTDIR: 'a file stands in its place',
  EISDIR: 'a folder of that name stands there',
  EBUSY: 'another program has that file open',
  ENAMETOOLONG: 'the name is too long',
};

/** Why the system would not write somewhere, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'an unknown error';
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? `the system answered ${code}`;
}
