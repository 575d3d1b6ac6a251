/**
 * Waits for something that is being started, and gives it. It ends with `parts`, even where those end before it has
 * started: `parts.use(await …)` would then be refused, and leave it running. Throws as the start does.
 */
export function useStarting<T extends AsyncDisposable>(
  parts: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  parts.defer(async () => {
    const started = await starting.catch(() => undefined); // whoever awaits the start is told
    await started?.[Symbol.asyncDispose]();
  });
  return starting;
}
