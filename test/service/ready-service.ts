import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

/** Start a service with this environment, and wait until it can serve. Throws as `startServiceProcess` does, too. */
export async function startReadyService(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  await using starting = new AsyncDisposableStack();
  const service = starting.use(await startServiceProcess(env));
  await until('the service is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
  starting.move();
  return service;
}
