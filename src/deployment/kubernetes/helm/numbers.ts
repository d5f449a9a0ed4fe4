/** Functions over numbers. Source: numeric.go of sprig: most make whole numbers of what they get. */
import { type Functions, numberOf, ofKnown, type TemplateFunction, wholeOf } from "./calls.ts";
import { type GoType, numberTree } from "./values.ts";

/** One over all arguments, from the left. */
function folding(
  take: (value: Parameters<typeof numberOf>[0]) => number,
  go: GoType,
  apply: (left: number, right: number) => number,
): TemplateFunction {
  return ofKnown((values, at) => {
    const [first = 0, ...others] = values.map(take);
    return numberTree(others.reduce(apply, first), at, go);
  });
}

const whole = (apply: (left: number, right: number) => number): TemplateFunction =>
  folding(wholeOf, "int64", apply);
const broken = (apply: (left: number, right: number) => number): TemplateFunction =>
  folding(numberOf, "float64", apply);

function converting(
  go: GoType,
  convert: (value: Parameters<typeof numberOf>[0]) => number,
): TemplateFunction {
  return ofKnown(([value], at) => numberTree(convert(value), value ?? at, go));
}

/** By their names. */
export const numbers: Functions = {
  add: whole((left, right) => left + right),
  add1: ofKnown(([value], at) => numberTree(wholeOf(value) + 1, value ?? at, "int64")),
  sub: whole((left, right) => left - right),
  mul: whole((left, right) => left * right),
  div: whole((left, right) => Math.trunc(left / right)),
  mod: whole((left, right) => left % right),
  max: whole((left, right) => Math.max(left, right)),
  biggest: whole((left, right) => Math.max(left, right)),
  min: whole((left, right) => Math.min(left, right)),
  addf: broken((left, right) => left + right),
  add1f: ofKnown(([value], at) => numberTree(numberOf(value) + 1, value ?? at, "float64")),
  subf: broken((left, right) => left - right),
  mulf: broken((left, right) => left * right),
  divf: broken((left, right) => left / right),
  maxf: broken((left, right) => Math.max(left, right)),
  minf: broken((left, right) => Math.min(left, right)),
  ceil: converting("float64", (value) => Math.ceil(numberOf(value))),
  floor: converting("float64", (value) => Math.floor(numberOf(value))),
  round: ofKnown(([value, places], at) => {
    const scale = 10 ** wholeOf(places);
    return numberTree(Math.round(numberOf(value) * scale) / scale, value ?? at, "float64");
  }),
  atoi: converting("int", (value) =>
    value?.kind === "string" ? Number.parseInt(value.text.value, 10) || 0 : 0,
  ),
  int: converting("int", wholeOf),
  int64: converting("int64", wholeOf),
  float64: converting("float64", numberOf),
  toDecimal: converting("int64", (value) =>
    value?.kind === "number"
      ? value.value
      : Number.parseInt(value?.kind === "string" ? value.text.value : "0", 8) || 0,
  ),
};
