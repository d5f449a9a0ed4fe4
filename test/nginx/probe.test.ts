/** Our predictions against a running nginx: written by hand, and generated. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Judge } from "../proxies/judge.ts";
import { byHand, refusals } from "./by-hand.ts";
import { add, type Comparison, compare, empty, filesAround, mainFile, modelOf } from "./configuration.ts";
import { configurations } from "./generate.ts";
import { absent, startJudge } from "./judge.ts";
import { requestsFor } from "./requests.ts";

describe.skipIf(absent !== undefined)(
  `nginx as the judge${absent === undefined ? "" : `: skipped, ${absent}`}`,
  () => {
    let judge: Judge;
    let total: Comparison = empty;
    beforeAll(() => {
      judge = startJudge();
    });
    afterAll(() => judge.close());

    test.each(byHand)("$name", async ({ http, files, port, tls }) => {
      const requests = requestsFor(port ?? 9100, { tls: tls ?? false });
      const result = await compare(judge, { "nginx.conf": mainFile(http), ...files }, requests);
      total = add(total, result);
      expect(result.wrong).toEqual([]);
      expect(result.refused).toBe(0);
    });

    test.each(refusals)("refused or not: $name", async ({ http }) => {
      const files = { ...filesAround(judge), "nginx.conf": mainFile(http) };
      const judgement = await judge.ask({ files });
      const missing = modelOf(files, judge.folder).problems.filter(
        ({ kind }) => kind === "refused" || kind === "missing-include",
      );
      expect({ refused: missing.length > 0, says: missing.map((problem) => problem.message) }).toEqual({
        refused: !judgement.accepted,
        says: missing.map((problem) => problem.message),
      });
    });

    test("generated configurations", { timeout: 110_000 }, async () => {
      let generated: Comparison = empty;
      const property = fc.asyncProperty(configurations, async (http) => {
        const result = await compare(judge, { "nginx.conf": mainFile(http) }, requestsFor(9100));
        generated = add(generated, { ...result, wrong: [] });
        if (result.wrong.length > 0) throw new Error(`${result.wrong.slice(0, 3).join("\n")}\n${http}`);
      });
      await fc.assert(property, {
        seed: Number(process.env.PACSLINT_NGINX_SEED ?? 4),
        numRuns: Number(process.env.PACSLINT_NGINX_RUNS ?? 150),
        interruptAfterTimeLimit: 100_000,
        markInterruptAsFailure: false,
      });
      // Most predictions have to say something.
      expect(generated.unknown).toBeLessThan(generated.requests / 10);
      expect(generated.open).toBeGreaterThan(0);
      process.stdout.write(`nginx agreed: ${JSON.stringify(add(total, generated))}\n`);
    });
  },
);
