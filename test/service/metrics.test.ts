import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';

describe('what the service tells Prometheus', () => {
  let stack: Stack;
  let service: ServiceProcess;
  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const read = async () => (await fetch(`${service.url}/metrics`)).text();
  const sampleOf = (text: string, series: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);

  test('begins every outcome at 0, so that a first event is a rise', async () => {
    const text = await read();
    expect(sampleOf(text, 'latchkey_verifications_total{outcome="accepted"}')).toBe('0');
    expect(sampleOf(text, 'latchkey_sign_ins_total{outcome="wrong-password"}')).toBe('0');
    const suspended = 'latchkey_accounts_suspended_total{directory="default",reason="not-found"}';
    expect(sampleOf(text, suspended)).toBe('0');
  });

  test('counts sign-ins and verifications by what came of them, and names nobody and no key', async () => {
    const { apiKey } = await signIn(service.url, 'alice', 'alice-secret');
    await signIn(service.url, 'alice', 'wrong');
    await signIn(service.url, 'nobody-we-know', 'wrong');
    // The first reads Redis, the second what is remembered of it.
    for (const key of [apiKey, apiKey, apiKey.replace(/.$/, (last) => (last === '0' ? '1' : '0')), 'short'])
      await verify(service.url, key);
    const text = await read();
    const counted = (series: string) => sampleOf(text, series);
    expect(counted('latchkey_sign_ins_total{outcome="accepted"}')).toBe('1');
    expect(counted('latchkey_sign_ins_total{outcome="wrong-password"}')).toBe('1');
    expect(counted('latchkey_sign_ins_total{outcome="unknown-user"}')).toBe('1');
    expect(counted('latchkey_verifications_total{outcome="accepted"}')).toBe('2');
    expect(counted('latchkey_verifications_total{outcome="unknown-key"}')).toBe('1');
    for (const secret of [apiKey, 'alice', 'nobody-we-know', 'example.org'])
      expect(text).not.toContain(secret);
  });

  test('says that the directory answers, that no brake holds, and how the process is', async () => {
    const text = await read();
    expect(sampleOf(text, 'latchkey_directory_up{directory="default"}')).toBe('1');
    expect(sampleOf(text, 'latchkey_leaver_brake_held{directory="default"}')).toBe('0');
    expect(Number(sampleOf(text, 'process_resident_memory_bytes'))).toBeGreaterThan(1e6);
  });

  test('leaves out what Redis does not say, and answers all the same', async () => {
    await stack.redisProxy.set({ mode: 'blackhole' });
    const response = await fetch(`${service.url}/metrics`);
    const text = await response.text();
    await stack.redisProxy.set({});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(sampleOf(text, 'latchkey_leaver_brake_held{directory="default"}')).toBeUndefined();
    expect(sampleOf(text, 'latchkey_directory_up{directory="default"}')).toBe('1');
  });

  test('is read, and nothing else', async () => {
    const response = await fetch(`${service.url}/metrics`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});
