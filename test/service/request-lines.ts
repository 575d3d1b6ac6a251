import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

/** Wait for the line of a request with this outcome, among those after the first `known`. Gives the line. */
export function requestLine(
  service: ServiceProcess,
  known: number,
  outcome: string,
): Promise<Record<string, unknown>> {
  return until(`a request is logged as ${outcome}`, () =>
    service
      .logs()
      .slice(known)
      .find((line) => line['msg'] === 'request' && line['outcome'] === outcome),
  );
}
