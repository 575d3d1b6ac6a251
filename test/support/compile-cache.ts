import { inRepository } from './repository.ts';

/** Environment of the programs of ours that tests start: what V8 has compiled once is not compiled at each start. */
export const compileCache = { NODE_COMPILE_CACHE: inRepository('node_modules/.cache/compiled') } as const;
