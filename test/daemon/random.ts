/** A repeatable source of choices. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** True with that probability. */
  chance(probability: number): boolean;
  /** One of several. */
  pick<T>(from: readonly T[]): T;
  /** One of several, each with its weight. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** In another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** Choices that depend on the seed and the index alone (mulberry32). */
export function random(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const weighted = <T>(from: readonly (readonly [number, T])[]): T => {
    let left = next() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) {
      left -= weight;
      if (left < 0) return value;
    }
    return last(from)[1];
  };
  return {
    next,
    chance: (probability) => next() < probability,
    pick: (from) => {
      if (from.length === 0) throw new Error("nothing to pick from");
      return from[between(0, from.length - 1)] as (typeof from)[number];
    },
    weighted,
    between,
    shuffle: (list) =>
      list
        .map((value) => [next(), value] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, value]) => value),
  };
}

function last<T>(list: readonly T[]): T {
  const value = list.at(-1);
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}
