/** Finds the word that was probably meant. */

/**
 * Edits (insert, delete, replace, swap neighbours) that turn one word into the other: the optimal string alignment
 * distance. Gives `limit + 1` as soon as it is certain that more than `limit` are needed.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[right.length] ?? limit + 1, limit + 1);
}

/** Edits that still count as a slip: none in very short words, two at most. */
function allowance(word: string): number {
  if (word.length <= 3) return 0;
  return word.length <= 5 ? 1 : 2;
}

/** The candidate that is equal but for upper and lower case, or else the nearest one within a few slips. */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const equal = candidates.find((candidate) => candidate.toLowerCase() === lower);
  if (equal !== undefined) return equal;
  let limit = allowance(word);
  let closest: string | undefined;
  for (const candidate of candidates) {
    if (candidate.length <= 3) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    closest = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return closest;
}

/**
 * Whether a name with words is another but for a slip within its words, or between them: another whole word (HOST for
 * PORT) makes another name.
 */
export function isSlip(name: string, closest: string): boolean {
  const [words, others] = [name.split("_"), closest.split("_")];
  if (words.length !== others.length) return words.join("") === others.join("");
  return words.every((word, index) => {
    const other = others[index] ?? "";
    const limit = other.length <= 5 ? 1 : 2;
    return editDistance(word, other, limit) <= limit;
  });
}
