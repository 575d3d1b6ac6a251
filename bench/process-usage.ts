import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** USER_HZ: Linux counts a process's CPU time in hundredths of a second on every machine that Node runs on. */
const TICK_MICROSECONDS = 10_000;

/** The CPU time that a process has had, user and system, all its threads, in microseconds. Linux only. */
export function cpuMicroseconds(pid: number): number {
  const [user = 0, system = 0] = ticksOf(pid);
  return (user + system) * TICK_MICROSECONDS;
}

/** As `cpuMicroseconds`, with the children of the process, those that have ended included. Linux only. */
export function cpuMicrosecondsWithChildren(pid: number): number {
  const own = ticksOf(pid).reduce((sum, ticks) => sum + ticks, 0) * TICK_MICROSECONDS;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + cpuMicroseconds(Number(child)), own);
}

/** Its own ticks as user and as system, then those of the children that it has waited for. */
function ticksOf(pid: number): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, in parentheses, may hold anything; after it come the fields from the third on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map(Number);
}

/** The memory of a process that is in RAM (VmRSS), in MiB. Linux only. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) / 1024;
}

/** How many sockets a process has open, the listening one included. Linux only. */
export function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => isSocket(`${folder}/${fd}`)).length;
}

/** A file that was closed since the folder was read is none. */
function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:');
  } catch {
    return false;
  }
}
