/** Before the tests: generated/ as the inputs are now. Rules that are not valid are left out here and fail their own test. */
import { generate, isStale } from "./generate.mjs";

export default async function setup() {
  if (!isStale()) return;
  for (const error of await generate({ lenient: true })) console.error(error);
}
