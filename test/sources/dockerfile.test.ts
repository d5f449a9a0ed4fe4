import { describe, expect, it } from "vitest";
import { readDockerfile, stagesOf } from "../../src/sources/dockerfile.ts";
import { isKnown, locate, type Text, textOfFile } from "../../src/text/text.ts";

const source = `# syntax=docker/dockerfile:1
ARG TAG=24.6.2
FROM node:20 AS build
RUN npm ci \\
    # a comment between
    && npm run build
FROM orthancteam/orthanc:\${TAG} as final
ARG CONF
ENV ORTHANC_JSON="{}" NAME='a $b' \\
    PORT=8042
ENV OLD the rest  of it
ENV PATHS="$PATH:/x"
EXPOSE $PORT 4242/tcp
COPY --from=build --chown=1000:1000 /dist /app
COPY ["a b.json", "/etc/orthanc/"]
COPY <<EOF /etc/orthanc/inline.json
{"HttpPort": 8042}
EOF
ADD a b /c/
USER \${CONF:-orthanc}
WORKDIR /etc/orthanc
HEALTHCHECK --interval=5s CMD curl -u orthanc:orthanc http://localhost:8042
ENTRYPOINT ["/docker-entrypoint.sh", "x"]
CMD run $PORT
`;
const dockerfile = readDockerfile(textOfFile("Dockerfile", source));
const texts = (all: readonly Text[] | undefined): string[] => (all ?? []).map((one) => one.value);

function spelled(text: Text, part: string): string {
  const start = text.value.indexOf(part);
  const { at } = locate(text, start, start + part.length);
  return source.slice(at.start, at.end);
}

describe("a Dockerfile", () => {
  const [build, final] = dockerfile.stages;

  it("has stages", () => {
    expect(dockerfile.errors).toEqual([]);
    expect(build).toMatchObject({ name: "build", base: { value: "node:20" } });
    expect(build?.runs[0]?.text.value).toMatch(/^npm ci +&& npm run build$/);
    expect(final).toMatchObject({
      name: "final",
      base: { value: "orthancteam/orthanc:24.6.2" },
      baseStage: undefined,
    });
    expect(spelled(final?.base ?? { value: "", pieces: [] }, "24.6.2")).toBe("24.6.2");
  });

  it("sets an environment", () => {
    const variables = Object.fromEntries(
      (final?.environment ?? []).map((one) => [one.name, one.value.value]),
    );
    expect(variables).toMatchObject({
      ORTHANC_JSON: "{}",
      NAME: "a $b",
      PORT: "8042",
      OLD: "the rest  of it",
    });
    const paths = final?.environment.find((one) => one.name === "PATHS");
    expect(paths !== undefined && isKnown(paths.value)).toBe(false);
  });

  it("copies, exposes and runs", () => {
    expect(texts(final?.expose)).toEqual(["8042", "4242/tcp"]);
    expect(
      final?.copies.map((copy) => [
        copy.instruction,
        copy.from?.value,
        texts(copy.sources),
        copy.target.value,
      ]),
    ).toEqual([
      ["COPY", "build", ["/dist"], "/app"],
      ["COPY", undefined, ["a b.json"], "/etc/orthanc/"],
      ["COPY", undefined, [], "/etc/orthanc/inline.json"],
      ["ADD", undefined, ["a", "b"], "/c/"],
    ]);
    const inline = final?.copies[2]?.inline[0]?.content;
    expect(inline?.value).toBe('{"HttpPort": 8042}\n');
    expect(inline !== undefined && spelled(inline, "8042")).toBe("8042");
    expect(final?.user?.value).toBe("orthanc");
    expect(final?.workdir?.value).toBe("/etc/orthanc");
    expect(final?.entrypoint).toMatchObject({ shell: false });
    expect(texts(final?.entrypoint?.words)).toEqual(["/docker-entrypoint.sh", "x"]);
    expect(final?.command).toMatchObject({ shell: true });
    expect(texts(final?.healthcheck?.command?.words)).toEqual([
      "curl -u orthanc:orthanc http://localhost:8042",
    ]);
  });

  it("takes build arguments", () => {
    const args = new Map([["TAG", textOfFile("compose.yaml", "1.2")]]);
    const given = readDockerfile(textOfFile("Dockerfile", source), { args });
    expect(given.stages[1]?.base.value).toBe("orthancteam/orthanc:1.2");
  });

  it("follows stages that begin with others", () => {
    const chain = readDockerfile(
      textOfFile("D", "FROM a AS one\nENV A=1\nFROM one AS two\nENV B=$A\nFROM c\n"),
    );
    expect(stagesOf(chain, "two").map((stage) => stage.base.value)).toEqual(["a", "one"]);
    expect(stagesOf(chain).map((stage) => stage.base.value)).toEqual(["c"]);
    expect(chain.stages[1]?.environment[0]?.value.value).toBe("1");
  });

  it("reports what is none", () => {
    const { errors } = readDockerfile(textOfFile("D", "RUN x\n"));
    expect(errors.map((error) => error.message)).toEqual(["RUN before the first FROM", "there is no FROM"]);
  });
});
