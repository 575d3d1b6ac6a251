import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { sendError, sendJson, sendMethodNotAllowed, sendSuccess } from '../../src/http/envelope.ts';

async function sent(send: (res: ServerResponse) => void) {
  const { status, text, headers } = await request(createServer((_req, res) => send(res))).get('/');
  return { status, text, headers };
}

describe('the envelope of contract 0.1', () => {
  it('is result, msg, then the fields in their order, with one line feed', async () => {
    const { status, text } = await sent((res) => sendSuccess(res, { zz: 1, aa: [true, null] }));
    expect({ status, text }).toEqual({
      status: 200,
      text: '{"result":"success","msg":"","zz":1,"aa":[true,null]}\n',
    });
  });

  it('holds nothing else where there are no fields', async () => {
    expect((await sent((res) => sendSuccess(res))).text).toBe('{"result":"success","msg":""}\n');
  });

  it("of an error has the error's fields before its code, and what comes after behind it", async () => {
    const { status, text } = await sent((res) => sendError(res, 418, 'No', 'CODE', { a: 1 }, { z: 2 }));
    expect({ status, text }).toEqual({
      status: 418,
      text: '{"result":"error","msg":"No","a":1,"code":"CODE","z":2}\n',
    });
  });

  it('of an error without a code has none', async () => {
    const { text } = await sent((res) => sendError(res, 500, 'No', undefined));
    expect(text).toBe('{"result":"error","msg":"No"}\n');
  });

  it('of a 405 has neither code nor line feed', async () => {
    const { status, text, headers } = await sent((res) => sendMethodNotAllowed(res, ['GET', 'HEAD']));
    expect({ status, text }).toEqual({
      status: 405,
      text: '{"result":"error","msg":"Method Not Allowed","allowed_methods":["GET","HEAD"]}',
    });
    expect(headers['allow']).toBe('GET, HEAD');
  });

  it('is UTF-8 that is not escaped, its length in bytes, its type without a charset', async () => {
    const { text, headers } = await sent((res) => sendJson(res, 200, { name: 'Zoë </b> 日本 🤴' }));
    expect(text).toBe('{"name":"Zoë </b> 日本 🤴"}\n');
    expect(headers['content-type']).toBe('application/json');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });
});
