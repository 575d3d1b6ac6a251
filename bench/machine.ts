import { availableParallelism, cpus } from 'node:os';

/** Print what was run, and on what: numbers mean nothing without it. */
export function printMachine(): void {
  const command = ['node', process.argv[1]?.replace(`${process.cwd()}/`, ''), ...process.argv.slice(2)].join(
    ' ',
  );
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.version}: ${command}`,
  );
}
