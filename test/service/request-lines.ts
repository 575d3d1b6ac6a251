import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

/** Wait for the line that the service logs of the request with this id (`X-Request-Id` of its answer). */
export function requestLine(
  service: ServiceProcess,
  requestId: string | null,
): Promise<Record<string, unknown>> {
  return until('the request is logged', () =>
    service.logs().find((line) => line['msg'] === 'request' && line['requestId'] === requestId),
  );
}
