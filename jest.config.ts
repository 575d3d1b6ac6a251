import type { Config } from 'jest';

// No transform: Node strips the types, so the tests run the very files that `npm start` runs.
const config: Config = {
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  coverageProvider: 'v8',
  reporters: ['default', '<rootDir>/test/support/count-reporter.ts'],
  testEnvironment: '<rootDir>/test/support/test-environment.ts',
  globalSetup: '<rootDir>/test/support/prepare-parts.ts',
  globalTeardown: '<rootDir>/test/support/expect-nothing-left.ts',
  // Longer than anything in a test is waited for (`PATIENCE_MS`), so that what was waited for is told.
  testTimeout: 240_000,
  maxWorkers: 2,
};

export default config;
