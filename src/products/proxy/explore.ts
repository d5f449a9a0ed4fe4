/** Runs a request through every combination of what is not known. */

/** One run and the decisions that were taken in it without knowing. */
export interface Run<T, Why> {
  readonly result: T;
  readonly guesses: readonly Guess<Why>[];
}

/** A decision, and what it was about. */
export interface Guess<Why> {
  readonly why: Why;
  readonly taken: boolean;
}

/** Six independent unknowns are more than any configuration that was seen. */
const runLimit = 64;

/** All runs; `complete` is false when there were too many. The first run takes every unknown as "no". */
export function explore<T, Why>(
  run: (choose: (why: Why) => boolean) => T,
): {
  readonly runs: readonly Run<T, Why>[];
  readonly complete: boolean;
} {
  const runs: Run<T, Why>[] = [];
  const queue: (readonly boolean[])[] = [[]];
  for (
    let decisions = queue.pop();
    decisions !== undefined && runs.length < runLimit;
    decisions = queue.pop()
  ) {
    const taken = decisions;
    const guesses: Guess<Why>[] = [];
    const result = run((why) => {
      const decision = guesses.length < runLimit && (taken[guesses.length] ?? false);
      guesses.push({ why, taken: decision });
      return decision;
    });
    runs.push({ result, guesses });
    for (let index = Math.min(guesses.length, runLimit) - 1; index >= taken.length; index--) {
      queue.push([...guesses.slice(0, index).map((guess) => guess.taken), true]);
    }
  }
  return { runs, complete: queue.length === 0 };
}
