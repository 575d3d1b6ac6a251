/** A real server under test's control. Its address and what it has stored outlive everything but its disposal. */
export type Part = AsyncDisposable & {
  /** Ends it in good order (SIGTERM) and waits for its end. Does nothing when it is not running. */
  stop(): Promise<void>;
  /** Starts it again after `stop` or `kill`, and waits until it is ready. */
  start(): Promise<void>;
  /** Freezes it: connections are still accepted by the kernel, nothing is answered. */
  pause(): Promise<void>;
  /** Lets a paused one go on. */
  resume(): Promise<void>;
  /** Ends it as a crash does (SIGKILL) and waits for its end. Does nothing when it is not running. */
  kill(): Promise<void>;
};
