/**
 * The statement that gives a role what it lacks. One that is a member already, but does not inherit,
 * needs another: from 16 on inheritance belongs to the membership, before to the role.
 */
export function grants(roleName: string, versionNum: number, wanted: string, isMember: boolean): string {
  const role = `"${roleName.replaceAll('"', '""')}"`;
  if (!isMember) return `GRANT ${wanted} TO ${role}`;
  return versionNum >= 160_000
    ? `GRANT ${wanted} TO ${role} WITH INHERIT TRUE`
    : `ALTER ROLE ${role} INHERIT`;
}
