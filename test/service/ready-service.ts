import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { overlay, type Tree } from '../../src/config/tree.ts';
import { patientSettings } from '../support/patient-settings.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { yamlFile } from './yaml-file.ts';

/**
 * Start a service with this environment, and wait until it can serve. It waits patiently for its servers, unless the
 * file that `LATCHKEY_CONFIG` names says otherwise. Throws as `startServiceProcess` does, too.
 */
export async function startReadyService(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  await using starting = new AsyncDisposableStack();
  const own = env['LATCHKEY_CONFIG'];
  const settings = own === undefined ? {} : (parse(readFileSync(own, 'utf8')) as Tree);
  const LATCHKEY_CONFIG = yamlFile(JSON.stringify(overlay(patientSettings, settings)));
  const service = starting.use(await startServiceProcess({ ...env, LATCHKEY_CONFIG }));
  await until('the service is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
  starting.move();
  return service;
}
