import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/facts/facts.ts";
import { fromPlace, type Origin } from "../../src/facts/origin.ts";
import { unknown } from "../../src/facts/unknown.ts";
import type { Doubt, Hit } from "../../src/rules/evaluate.ts";
import type { Rule, Severity } from "../../src/rules/rule.ts";
import { merge, type Scenario } from "../../src/triage/merge.ts";

function rule(id: string, parts: Partial<Rule> = {}): Rule {
  return {
    id,
    title: id,
    severity: "high",
    confidence: "certain",
    audience: "everyday",
    select: "fault",
    match: {},
    at: "",
    message: id,
    expected: "",
    why: "",
    remediation: [],
    impact: "",
    controls: [],
    references: [],
    examples: [],
    ...parts,
  };
}

function fact(id: string): Fact {
  const message = `about ${id}`;
  return { kind: "fault", id, service: "pacs", message, expected: "", effect: "crash", origins: {} };
}

const line = (start: number): Origin => fromPlace({ at: { file: "a.json", start, end: start + 1 } });
const nowhere: Origin = { kind: "absent", by: "the default" };

function hit(of: Rule, on: Fact, origin: Origin, severity: Severity = of.severity): Hit {
  const { confidence, message } = of;
  const texts = { message, expected: "", actual: "", remediation: undefined };
  return { rule: of, fact: on, severity, confidence, origins: [origin], ...texts };
}

function doubt(of: Rule, on: Fact): Doubt {
  return { rule: of, fact: on, unknown: unknown("input", "X is not set"), origins: [] };
}

function at(version: string, hits: readonly Hit[], doubts: readonly Doubt[] = []): Scenario {
  return { versions: new Map([["pacs", version]]), hits, doubts };
}

const open = rule("open");
const one = fact("one");
const two = fact("two");

describe("over the releases", () => {
  test("what holds at all of them is as certain as the rule, and names none", () => {
    const { hits } = merge([at("1.9.1", [hit(open, one, line(1))]), at("1.12.7", [hit(open, one, line(1))])]);
    expect(hits).toMatchObject([{ confidence: "certain", versions: [] }]);
  });

  test("what holds at some of them is likely, and names them", () => {
    const { hits } = merge([
      at("1.9.1", [hit(open, one, line(1))]),
      at("1.10.1", [hit(open, one, line(1))]),
      at("1.12.7", []),
    ]);
    expect(hits).toMatchObject([{ confidence: "likely", versions: ["1.9.1", "1.10.1"] }]);
  });

  test("a rule that is less sure stays so", () => {
    const guess = rule("guess", { confidence: "possible" });
    expect(merge([at("1", [hit(guess, one, line(1))]), at("2", [])]).hits).toMatchObject([
      { confidence: "possible", versions: ["1"] },
    ]);
  });

  test("the worst severity is told, and of equal ones the newest release's words", () => {
    const older = { ...hit(open, one, line(1)), message: "older" };
    const newer = { ...hit(open, one, line(1)), message: "newer" };
    const worse = { ...hit(open, one, line(1), "critical"), message: "worse" };
    expect(merge([at("1", [older]), at("2", [newer])]).hits).toMatchObject([{ message: "newer" }]);
    expect(merge([at("1", [worse]), at("2", [newer])]).hits).toMatchObject([
      { message: "worse", severity: "critical", versions: [] },
    ]);
  });

  test("another service's releases do not count", () => {
    const scenarios = ["1", "2"].map((version): Scenario => {
      const versions = new Map([
        ["pacs", "1.12.7"],
        ["other", version],
      ]);
      return { versions, hits: version === "1" ? [hit(open, one, line(1))] : [], doubts: [] };
    });
    expect(merge(scenarios).hits).toMatchObject([{ confidence: "certain", versions: [] }]);
  });
});

describe("a rule that supersedes another", () => {
  const weak = rule("weak", { severity: "medium" });
  const strong = rule("strong", { supersedes: ["weak"] });

  test("silences it on the same fact only", () => {
    const hits = [hit(weak, one, line(1)), hit(strong, one, line(2)), hit(weak, two, line(3))];
    const told = merge([at("1", hits)]).hits.map((merged) => `${merged.rule.id} ${merged.fact.id}`);
    expect(told).toEqual(["strong one", "weak two"]);
  });

  test("silences one about another kind of fact on the same service", () => {
    const ports = rule("weak", { select: "entry" });
    const elsewhere = { ...two, service: "viewer" };
    const hits = [hit(ports, one, line(1)), hit(ports, elsewhere, line(3)), hit(strong, two, line(2))];
    const told = merge([at("1", hits)]).hits.map((merged) => `${merged.rule.id} ${merged.fact.service}`);
    expect(told).toEqual(["weak viewer", "strong pacs"]);
  });

  test("silences it at releases where it does not hold itself, and in doubt", () => {
    const { hits, doubts } = merge([
      at("1", [hit(strong, one, line(2))]),
      at("2", [hit(weak, one, line(1))]),
      at("3", [], [doubt(weak, one), doubt(weak, two)]),
    ]);
    expect(hits).toMatchObject([{ rule: { id: "strong" }, confidence: "likely", versions: ["1"] }]);
    expect(doubts).toMatchObject([{ rule: { id: "weak" }, fact: { id: "two" } }]);
  });
});

describe("one cause", () => {
  test("is one finding: the worst, with the others beside it", () => {
    const hits = [
      hit(open, one, line(1)),
      hit(open, two, line(1), "critical"),
      hit(open, fact("three"), line(1)),
    ];
    const [told, ...more] = merge([at("1", hits)]).hits;
    expect(more).toEqual([]);
    expect(told).toMatchObject({ fact: { id: "two" }, severity: "critical" });
    expect(told?.others.map((other) => other.fact.id)).toEqual(["one", "three"]);
  });

  test("is the same rule and the same first line", () => {
    const hits = [hit(open, one, line(1)), hit(open, two, line(2)), hit(rule("shut"), one, line(1))];
    expect(merge([at("1", hits)]).hits).toHaveLength(3);
  });

  test("is not a default that several facts have", () => {
    expect(merge([at("1", [hit(open, one, nowhere), hit(open, two, nowhere)])]).hits).toHaveLength(2);
  });

  test("holds wherever one of its equally bad facts holds", () => {
    const everywhere = merge([
      at("1", [hit(open, one, line(1)), hit(open, two, line(1))]),
      at("2", [hit(open, two, line(1))]),
      at("3", [hit(open, one, line(1))]),
    ]);
    expect(everywhere.hits).toMatchObject([{ confidence: "certain", versions: [] }]);
    const some = merge([at("1", [hit(open, one, line(1))]), at("2", [hit(open, two, line(1))]), at("3", [])]);
    expect(some.hits).toMatchObject([{ confidence: "likely", versions: ["1", "2"] }]);
  });

  test("is as sure as the surest of several services", () => {
    const viewer: Fact = { ...two, service: "viewer" };
    const versions = (pacs: string) => new Map([...Object.entries({ pacs, viewer: "3.9" })]);
    const { hits } = merge([
      { versions: versions("1.9.1"), hits: [hit(open, viewer, line(1))], doubts: [] },
      {
        versions: versions("1.12.7"),
        hits: [hit(open, one, line(1)), hit(open, viewer, line(1))],
        doubts: [],
      },
    ]);
    expect(hits).toMatchObject([{ fact: { id: "two" }, confidence: "certain", versions: [] }]);
  });

  test("is as bad as told only where its worst fact holds", () => {
    const { hits } = merge([
      at("1", [hit(open, one, line(1)), hit(open, two, line(1), "critical")]),
      at("2", [hit(open, one, line(1))]),
    ]);
    expect(hits).toMatchObject([{ severity: "critical", confidence: "likely", versions: ["1"] }]);
  });
});

describe("a doubt", () => {
  test("is told once", () => {
    expect(merge([at("1", [], [doubt(open, one)]), at("2", [], [doubt(open, one)])]).doubts).toHaveLength(1);
  });

  test("is settled by a finding at another release", () => {
    expect(merge([at("1", [], [doubt(open, one)]), at("2", [hit(open, one, line(1))])]).doubts).toEqual([]);
  });

  test("is settled by a finding that was joined to another", () => {
    const hits = [hit(open, one, line(1)), hit(open, two, line(1))];
    expect(merge([at("1", hits), at("2", [], [doubt(open, two)])]).doubts).toEqual([]);
  });
});
