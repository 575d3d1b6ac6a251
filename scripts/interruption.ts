/**
 * Gives a signal that aborts when this process is told to end: by Ctrl-C, SIGTERM, SIGHUP, or, under npm, by the end
 * of the shell that npm started it from, which does not pass a SIGTERM on. From then on nothing but the code that
 * watches the signal ends the process.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const end = () => controller.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const shell = process.ppid;
    setInterval(() => process.ppid === shell || end(), 200).unref();
  }
  return controller.signal;
}
