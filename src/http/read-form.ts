import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import type { BodiedRequest } from './read-body.ts';
import { RequestError } from './request-error.ts';

/** Parameters of a request: from the form in its body, and from the query for those that the form lacks. */
export interface Form {
  /**
   * The parameter's last value, as it is.
   * @throws {RequestError} Zulip's 400 where there is none
   */
  require(name: string): string;
  /** The parameter's last value, or `undefined` where there is none. */
  optional(name: string): string | undefined;
  /** Names that nobody asked for, sorted; without `client`, which Zulip takes everywhere (contract 1.3). */
  ignored(): string[];
}

type Parameters = ReadonlyMap<string, string>;

/**
 * Read a request's parameters. Forms are urlencoded or multipart; a body of another type counts for nothing.
 * @throws {RequestError} 400 where a multipart body is malformed
 */
export async function readForm(req: BodiedRequest): Promise<Form> {
  const body = await fromBody(req);
  const query = parameters((req.url ?? '').split('?').slice(1).join('?'));
  const asked = new Set(['client']);
  const optional = (name: string): string | undefined => {
    asked.add(name);
    return body.get(name) ?? query.get(name);
  };
  return {
    optional,
    require(name) {
      const value = optional(name);
      if (value !== undefined) return value;
      throw new RequestError(400, `Missing '${name}' argument`, 'REQUEST_VARIABLE_MISSING', {
        var_name: name,
      });
    },
    ignored: () => [...new Set([...body.keys(), ...query.keys()])].filter((name) => !asked.has(name)).sort(),
  };
}

async function fromBody(req: BodiedRequest): Promise<Parameters> {
  const { body } = req;
  if (!Buffer.isBuffer(body) || body.length === 0) return new Map();
  const [type = ''] = (req.headers['content-type'] ?? '').split(';', 1);
  switch (type.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return parameters(body.toString());
    case 'multipart/form-data':
      return readMultipart(req, body);
    default:
      return new Map();
  }
}

/** A map keeps the last of repeated names, as Django does. The `&` keeps a leading `?` from being dropped. */
function parameters(text: string): Parameters {
  return new Map(new URLSearchParams(`&${text}`));
}

async function readMultipart(req: IncomingMessage, body: Buffer): Promise<Parameters> {
  const fields = new Map<string, string>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  try {
    const parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { fieldSize: body.length },
    });
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('file', (_name, file) => file.resume());
    parser.on('error', reject).on('close', resolve);
    parser.end(body);
    await promise;
  } catch {
    throw new RequestError(400, 'Malformed multipart form');
  }
  return fields;
}
