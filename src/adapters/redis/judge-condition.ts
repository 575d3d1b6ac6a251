import { isTold, type MasterCondition, type RedisCondition } from './read-condition.ts';

/** What a concern is about: whether what was acknowledged is kept, how full it is, or who else has it. */
export type ConcernKind = 'keeps' | 'memory' | 'replicas';

/** `danger`: keys are lost, or none can be issued. `hint`: nothing is lost by it alone. */
export type ConcernWeight = 'danger' | 'warning' | 'hint';

/** Something about Redis that an operator should change, in words that hold no secret. */
export interface Concern {
  readonly kind: ConcernKind;
  readonly weight: ConcernWeight;
  /** Whether it is about masters or about replicas. */
  readonly role: 'master' | 'replica';
  /** Those that it holds for: `host:port`. */
  readonly servers: readonly string[];
  /** What was seen. */
  readonly seen: string;
  /** What to change in Redis, and why. */
  readonly fix: string;
}

/** What is expected of Redis. */
export interface Expectation {
  /** How many replicas must acknowledge a change before a key is handed out. */
  readonly replicas: number;
}

/** `replica`: the one that it is about; `undefined`: the master itself. */
type Finding = Omit<Concern, 'role' | 'servers'> & { readonly replica?: string };

/** From this share of maxmemory on there is a concern: time enough to act. */
const NEARLY_FULL = 0.9;
/** A replica that follows says how far it has come every second. */
const MAX_LAG_SECONDS = 5;
const MIB = 1024 * 1024;

/** What is dangerous about `condition`: the same of several servers once, with all of them. */
export function judgeCondition(condition: RedisCondition, expected: Expectation): readonly Concern[] {
  const concerns = new Map<string, Concern>();
  for (const master of condition) {
    const findings = isTold(master) ? judgeMaster(master, expected) : [untold(master.refusal)];
    for (const { replica, ...finding } of findings) {
      const role = replica === undefined ? 'master' : 'replica';
      const key = JSON.stringify([role, finding]);
      const servers = [...(concerns.get(key)?.servers ?? []), replica ?? master.server];
      concerns.set(key, { ...finding, role, servers });
    }
  }
  return [...concerns.values()];
}

function judgeMaster(master: MasterCondition, expected: Expectation): Finding[] {
  return [
    ...judgeEviction(master),
    ...judgePersistence(master),
    ...judgeMemory(master),
    ...judgeReplicas(master, expected),
  ];
}

function untold(refusal: string): Finding {
  return {
    kind: 'keeps',
    weight: 'warning',
    seen: `not told: Redis refuses INFO (${/^[A-Z]+/.exec(refusal)?.[0] ?? 'ERR'})`,
    fix: 'let the user of Redis ask INFO (+info); or look yourself: maxmemory-policy noeviction, appendonly yes',
  };
}

function judgeEviction({ policy, maxBytes }: MasterCondition): Finding[] {
  if (policy === 'noeviction') return [];
  const takesAccounts = policy.startsWith('allkeys');
  const what = takesAccounts ? 'accounts and their keys go' : 'what is counted and kept may go';
  return [
    {
      kind: 'keeps',
      weight: takesAccounts && maxBytes > 0 ? 'danger' : 'warning',
      seen: `maxmemory-policy is ${policy}`,
      fix: `maxmemory-policy noeviction, or ${what} when memory runs out`,
    },
  ];
}

function judgePersistence(master: MasterCondition): Finding[] {
  const { appends, appendSync, snapshots } = master;
  const keeps = (seen: string, fix: string): Finding => ({ kind: 'keeps', weight: 'warning', seen, fix });
  const findings: Finding[] = [];
  if (!appends) {
    const cost =
      snapshots === ''
        ? 'a restart of Redis loses every key'
        : 'a crash of Redis loses the keys issued since the last snapshot';
    findings.push(keeps('appendonly is no', `appendonly yes; as it is ${cost}`));
  }
  if (appends && appendSync === 'no') {
    const cost = 'a power failure loses the keys of the last half minute or so';
    findings.push(keeps('appendfsync is no', `appendfsync everysec, or always; as it is ${cost}`));
  }
  if (!master.couldAppend || (!master.couldSnapshot && snapshots !== '')) {
    const what = master.couldAppend ? 'snapshot' : 'write to the append-only file';
    findings.push(keeps(`its last ${what} failed`, 'its disk: it takes no writes until it can save'));
  }
  return findings;
}

function judgeMemory({ maxBytes, usedBytes }: MasterCondition): Finding[] {
  if (maxBytes === 0 || usedBytes < NEARLY_FULL * maxBytes) return [];
  return [
    {
      kind: 'memory',
      weight: 'warning',
      seen: `over ${NEARLY_FULL * 100} % of maxmemory is in use`,
      fix: `more maxmemory than ${Math.ceil(maxBytes / MIB)} MiB; once it is full nobody signs in, and no key is regenerated`,
    },
  ];
}

function judgeReplicas({ replicas, demandsReplicas }: MasterCondition, expected: Expectation): Finding[] {
  const about = { kind: 'replicas' } as const;
  const findings: Finding[] = replicas.flatMap(({ server: replica, state, lagSeconds }): Finding[] => {
    if (state === 'online' && lagSeconds <= MAX_LAG_SECONDS) return [];
    const seen = state === 'online' ? 'a replica lags' : 'a replica is not online yet';
    return [{ ...about, replica, weight: 'warning', seen, fix: 'look at it, and at the way to it' }];
  });
  const good = replicas.length - findings.length;
  if (good < expected.replicas) {
    findings.push({
      ...about,
      weight: 'danger',
      seen: `good replicas: ${good}, needed to acknowledge a change: ${expected.replicas}`,
      fix: 'more replicas, or fewer in redis.acknowledge.replicas; as it is no key is issued, regenerated or revoked',
    });
  }
  if (expected.replicas > 0 && !demandsReplicas) {
    findings.push({
      ...about,
      weight: 'hint',
      seen: 'min-replicas-to-write is not set',
      fix: `min-replicas-to-write ${expected.replicas}: a master that is cut off then takes no writes that will be lost`,
    });
  }
  return findings;
}
