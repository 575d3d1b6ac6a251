import type { RedisClient } from '../../adapters/redis/client.ts';
import { type Concern, type ConcernKind, judgeCondition } from '../../adapters/redis/judge-condition.ts';
import {
  isTold,
  type MasterCondition,
  type RedisCondition,
  readCondition,
} from '../../adapters/redis/read-condition.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Walk } from '../step.ts';

const MIB = 1024 * 1024;

/** What the masters say, and what is dangerous about it. */
interface Judged {
  readonly condition: RedisCondition;
  readonly concerns: readonly Concern[];
}

/**
 * Take the steps that ask Redis about itself, every master of a Cluster: whether it keeps what it is told, whether
 * it has room, and whether replicas have it too.
 * @param replicas how many of them must acknowledge a change
 */
export async function checkCondition(walk: Walk, client: RedisClient, replicas: number): Promise<void> {
  let judged: Judged | undefined;
  await walk.step('redis keeps', {}, async () => {
    try {
      const condition = await readCondition(client);
      judged = { condition, concerns: judgeCondition(condition, { replicas }) };
    } catch (failure) {
      return {
        status: 'warning',
        seen: `not told: ${reasonOf(failure)}`,
        fix: 'Redis: every master has to answer; then ask again',
        value: undefined,
      };
    }
    return lookAt('keeps', judged, describePersistence);
  });
  const told = judged?.condition.filter(isTold) ?? [];
  const [memory, others] = ['redis memory', 'redis replicas'] as const;
  if (!judged || told.length === 0) {
    for (const name of [memory, others]) walk.skip(name, {}, 'Redis does not tell');
    return;
  }
  const { condition, concerns } = judged;
  await walk.step(memory, {}, async () => lookAt('memory', { condition, concerns }, describeMemory));
  if (replicas === 0 && told.every((master) => master.replicas.length === 0)) {
    walk.skip(others, {}, 'there is none, and none must acknowledge (redis.acknowledge.replicas: 0)');
    return;
  }
  await walk.step(others, {}, async () => lookAt('replicas', { condition, concerns }, describeReplicas));
}

/** What was seen of one kind; a hint is told, and no more. */
function lookAt(
  kind: ConcernKind,
  { condition, concerns }: Judged,
  describe: (master: MasterCondition) => string,
): Look<undefined> {
  const own = concerns.filter((one) => one.kind === kind);
  const hints = own.filter(({ weight }) => weight === 'hint').map((one) => `${one.seen} (${one.fix})`);
  const grave = own.filter(({ weight }) => weight !== 'hint');
  const described = sameOnce(condition, describe);
  // What is wrong with masters is in their description; of replicas that has only the number.
  const besides = kind === 'replicas' ? grave.map((one) => about(one, one.seen, condition.length)) : [];
  const seen = [described, ...besides, ...hints].join('; ');
  if (grave.length === 0) return { status: 'ok', seen, value: undefined };
  const fix = `Redis: ${grave.map((one) => about(one, one.fix, condition.length)).join('; ')}`;
  const fails = grave.some(({ weight }) => weight === 'danger');
  return fails ? { status: 'failed', seen, fix } : { status: 'warning', seen, fix, value: undefined };
}

/** Names the servers, unless it holds for each of several `masters`. */
function about({ role, servers }: Concern, text: string, masters: number): string {
  return role === 'master' && servers.length === masters ? text : `${text} (${servers.join(', ')})`;
}

/** What each master is, or why it does not tell; masters that are the same by one description. */
function sameOnce(condition: RedisCondition, describe: (master: MasterCondition) => string): string {
  const groups = new Map<string, string[]>();
  for (const one of condition) {
    const text = isTold(one) ? describe(one) : `not told: ${one.refusal}`;
    groups.set(text, [...(groups.get(text) ?? []), one.server]);
  }
  const [first, ...more] = [...groups];
  if (first && more.length === 0)
    return condition.length > 1 ? `${condition.length} masters: ${first[0]}` : first[0];
  return [...groups].map(([text, servers]) => `${servers.join(', ')}: ${text}`).join('; ');
}

function describePersistence({ policy, maxBytes, appends, appendSync, snapshots }: MasterCondition): string {
  const bound = maxBytes > 0 ? '' : ' (maxmemory is not set)';
  const sync = appends && appendSync !== undefined ? ` (appendfsync ${appendSync})` : '';
  const saves = snapshots === undefined ? 'not told' : snapshots === '' ? 'none' : snapshots;
  return `maxmemory-policy ${policy}${bound}, appendonly ${appends ? 'yes' : 'no'}${sync}, snapshots ${saves}`;
}

function describeMemory({ maxBytes, usedBytes }: MasterCondition): string {
  const used = `${(usedBytes / MIB).toFixed(1)} MiB in use`;
  return maxBytes > 0 ? `${used} of ${(maxBytes / MIB).toFixed(1)} MiB` : `${used}; maxmemory is not set`;
}

function describeReplicas({ replicas }: MasterCondition): string {
  return `${replicas.length} ${replicas.length === 1 ? 'replica' : 'replicas'}`;
}
