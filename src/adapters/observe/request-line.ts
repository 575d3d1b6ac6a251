import type { RequestLine } from '../../ports/log.ts';

/**
 * The line of a request in JSON, as pino would write it. By hand, since every request has one: what only our own words
 * and numbers, a UUID or a method of HTTP can be has nothing to escape.
 * @param time in ISO 8601
 */
export function requestLine(time: string, line: RequestLine): string {
  const { requestId, method, path, status, ms, outcome, userId, nameDigest, username, address } = line;
  return (
    `{"level":"info","time":"${time}","requestId":"${requestId}"` +
    (method === undefined ? '' : `,"method":"${method}"`) +
    `,"path":${JSON.stringify(path)}` +
    (status === 'aborted' ? ',"status":"aborted"' : `,"status":${status}`) +
    `,"ms":${ms}` +
    (outcome === undefined ? '' : `,"outcome":"${outcome}"`) +
    (userId === undefined ? '' : `,"userId":${userId}`) +
    (nameDigest === undefined ? '' : `,"nameDigest":"${nameDigest}"`) +
    (username === undefined ? '' : `,"username":${JSON.stringify(username)}`) +
    (address === undefined ? '' : `,"address":"${address}"`) +
    ',"msg":"request"}\n'
  );
}
