/** The tokens of a small language: those that a sticky pattern finds, one behind the other; undefined where one is none. */
export function tokensOf(source: string, pattern: RegExp): readonly string[] | undefined {
  const tokens: string[] = [];
  pattern.lastIndex = 0;
  for (let from = 0; from < source.length; from = pattern.lastIndex) {
    const token = pattern.exec(source)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}
