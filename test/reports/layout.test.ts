import { expect, test } from "vitest";
import { paragraphs } from "../../src/reports/layout.ts";

test("lines to copy are not broken; the words around them are", () => {
  const text =
    "Ask for a login in the directory, then:\n\n    olcAccess: {0}to attrs=userPassword by self write by * none\n    - next\n";
  expect(paragraphs(text, 30)).toEqual([
    "Ask for a login in the",
    "directory, then:",
    "",
    "    olcAccess: {0}to attrs=userPassword by self write by * none",
    "    - next",
  ]);
});
