/** A container of which a test says only what matters to it. */
import { type Container, nothingHardened } from "../src/deployment/model.ts";
import { type Located, type Text, textOfFile } from "../src/text/text.ts";

/** Where everything stands of which no test asks. */
export const someLine: Located = { at: { file: "compose.yml", start: 0, end: 1 } };

/** An image with nothing set, mounted or hardened; `told` replaces what a test is about. */
export function containerOf(image: string | Text, told: Partial<Container> = {}): Container {
  return {
    image: typeof image === "string" ? textOfFile("compose.yml", image) : image,
    imageAt: someLine,
    recognised: undefined,
    built: false,
    command: undefined,
    entrypoint: undefined,
    variables: [],
    variablesComplete: true,
    files: [],
    mounts: [],
    healthCheck: [],
    labels: [],
    deployLabels: [],
    hardening: nothingHardened,
    ...told,
  };
}
