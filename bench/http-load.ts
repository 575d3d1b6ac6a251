// A program for startLoadProcess: sends HTTP requests over keep-alive connections. Over bare sockets, one request at a
// time on each: `fetch` and `http.request` cost more than the servers that are measured.
import { once } from 'node:events';
import { connect } from 'node:net';
import { type LoopPlan, runClosedLoop } from './closed-loop.ts';
import { serveLoad } from './load-process.ts';

/** Requests to one server, each lane on a connection of its own. */
export interface HttpPlan extends LoopPlan {
  readonly port: number;
  /** The status that every answer must have; 200 without it. */
  readonly status?: number;
  /** Whole requests as they go over the wire, ASCII only, sent in turn. */
  readonly requests: readonly string[];
}

interface Connection {
  send(request: Buffer): Promise<void>;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

serveLoad(async (plan: HttpPlan) => {
  const requests = plan.requests.map((request) => Buffer.from(request, 'latin1'));
  const wanted = Buffer.from(`HTTP/1.1 ${plan.status ?? 200} `);
  const opening = Array.from({ length: plan.lanes }, () => open(plan.port, wanted));
  const connections = await Promise.all(opening);
  try {
    return await runClosedLoop(plan, (lane, index) => {
      const request = requests[index % requests.length] as Buffer;
      return (connections[lane] as Connection).send(request);
    });
  } finally {
    for (const connection of connections) connection.close();
  }
});

/** @param wanted what every answer must begin with */
async function open(port: number, wanted: Buffer): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  let received: Buffer | undefined;
  let waiting: PromiseWithResolvers<void> | undefined;
  const fail = (failure: Error) => waiting?.reject(failure);
  socket.on('error', fail).on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    received = received ? Buffer.concat([received, chunk]) : chunk;
    if (!isWhole(received)) return;
    if (received.subarray(0, wanted.length).equals(wanted)) waiting?.resolve();
    else fail(new Error(`not the answer that was wanted:\n${received}`));
    received = undefined;
  });
  return {
    send(request) {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}

/** Whether the head and as many bytes as its Content-Length says are there. */
function isWhole(answer: Buffer): boolean {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.toString('latin1', 0, headEnd))?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  return answer.length >= headEnd + HEAD_END.length + Number(length);
}
