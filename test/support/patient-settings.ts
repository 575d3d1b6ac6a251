/**
 * Settings for a service whose servers are well: on a machine that reads its programs from a busy disk again, even
 * those may take seconds to answer what they have not been asked lately. Tests of slowness set bounds of their own.
 */
export const patientSettings = {
  redis: { connectTimeout: '10s', commandTimeout: '10s' },
  directory: { resolveTimeout: '10s', connectTimeout: '10s', tlsTimeout: '10s', operationTimeout: '10s' },
  signInWithin: '30s',
} as const;
