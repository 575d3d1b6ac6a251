import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

/** Looks into a process of Node that was started with `--inspect`. */
export interface Inspector extends Disposable {
  /** Collect all garbage. */
  collectGarbage(): Promise<void>;
  /** What an expression is, which must be JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /**
   * What a function says of all living objects of a prototype, given as an array.
   * @param prototype an expression · @param judge the source of a function whose result is JSON
   */
  ofAll<T>(prototype: string, judge: string): Promise<T>;
}

/** What names an object in the process, or is the value itself. */
interface Remote {
  readonly objectId?: string;
  readonly value?: unknown;
}

const GROUP = 'soak';

/** Connect to it. @see https://chromedevtools.github.io/devtools-protocol/v8/ */
export async function openInspector(process: ServiceProcess): Promise<Inspector> {
  const url = await until(
    'Node says where its inspector listens',
    () => /Debugger listening on (ws:\S+)/.exec(process.stderr())?.[1],
  );
  const { send, close } = await connect(url);
  const evaluated = async (expression: string, returnByValue: boolean): Promise<Remote> => {
    const asked = { expression, returnByValue, objectGroup: GROUP };
    return resultOf(await send<Evaluated>('Runtime.evaluate', asked));
  };
  return {
    collectGarbage: () => send('HeapProfiler.collectGarbage', {}),
    evaluate: async <T>(expression: string) => (await evaluated(expression, true)).value as T,
    async ofAll<T>(prototype: string, judge: string) {
      const { objectId: prototypeObjectId } = await evaluated(prototype, false);
      const asked = { prototypeObjectId, objectGroup: GROUP };
      const { objects } = await send<{ objects: Remote }>('Runtime.queryObjects', asked);
      const judging = {
        objectId: objects.objectId,
        functionDeclaration: `function () { return (${judge})(this); }`,
        returnByValue: true,
      };
      const { value } = resultOf(await send<Evaluated>('Runtime.callFunctionOn', judging));
      await send('Runtime.releaseObjectGroup', { objectGroup: GROUP });
      return value as T;
    },
    [Symbol.dispose]: close,
  };
}

interface Evaluated {
  readonly result: Remote;
  readonly exceptionDetails?: unknown;
}

function resultOf({ result, exceptionDetails }: Evaluated): Remote {
  if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
  return result;
}

async function connect(url: string) {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  let number = 0;
  const opened = Promise.withResolvers<void>();
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('close', () => {
    opened.reject(new Error('the inspector hung up'));
    for (const settle of waiting.values()) settle({ error: 'the inspector hung up' });
  });
  socket.addEventListener('message', ({ data }) => {
    const { id, ...answer } = JSON.parse(String(data)) as { id?: number };
    if (id !== undefined) waiting.get(id)?.(answer);
  });
  await opened.promise;
  return {
    async send<T>(method: string, params: object): Promise<T> {
      const id = ++number;
      const { promise, resolve } = Promise.withResolvers<{ result?: unknown; error?: unknown }>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error } = await promise;
      waiting.delete(id);
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result as T;
    },
    close: () => socket.close(),
  };
}
