/** Whether there is such a process; one that has ended and that its parent has not asked about yet counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
