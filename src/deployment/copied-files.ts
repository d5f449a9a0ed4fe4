/** What COPY and ADD of a Dockerfile put into an image: from the build context, from earlier stages, from elsewhere. */
import type { Dockerfile, DockerStage } from "../sources/dockerfile.ts";
import { baseName, type Files, isAbsolute, joinPath } from "../sources/files.ts";
import { isKnown, type Text } from "../text/text.ts";
import type { ContainerFile } from "./model.ts";

type Content = ContainerFile["content"];
type Copy = DockerStage["copies"][number];

/** Something that is copied, with the name that it has at its source. */
interface Source {
  readonly name: string;
  readonly content: Content;
}

/** A build: its stages, the folder that it copies from, and the disk. */
export interface CopyingBuild {
  readonly dockerfile: Dockerfile;
  readonly context: string;
  readonly files: Files;
}

/** The files of a stage, those of the stages that it begins with first. */
export function copiedFiles(stages: readonly DockerStage[], build: CopyingBuild): readonly ContainerFile[] {
  return stages.flatMap((stage) => stage.copies.flatMap((copy) => copied(copy, stage, build)));
}

function copied(copy: Copy, stage: DockerStage, build: CopyingBuild): readonly ContainerFile[] {
  if (!isKnown(copy.target)) return [];
  const target = copy.target.value;
  const inline = copy.inline.map(
    (document): ContainerFile => ({
      target: placeIn(target, document.name, stage),
      at: copy,
      content: { type: "text", text: document.content },
    }),
  );
  const sources = copy.sources.flatMap((source) => sourcesOf(source, copy, stage, build));
  const several = copy.sources.length + copy.inline.length > 1 || sources.length > 1;
  const placed = sources.map(
    ({ name, content }): ContainerFile => ({
      target: content.type === "folder" ? absolute(target, stage) : placeIn(target, name, stage, several),
      at: copy,
      content,
    }),
  );
  return [...inline, ...placed];
}

function sourcesOf(source: Text, copy: Copy, stage: DockerStage, build: CopyingBuild): readonly Source[] {
  if (!isKnown(source)) return [];
  const { from } = copy;
  if (from === undefined) return fromContext(source.value.replace(/^\/+/u, ""), build);
  const { stages } = build.dockerfile;
  const before = stages.slice(0, stages.indexOf(stage));
  const named = before.findLastIndex(({ name }) => name === from.value.toLowerCase());
  const index = named >= 0 ? named : /^\d+$/u.test(from.value) ? Number(from.value) : -1;
  const other = before[index];
  const found = other === undefined ? undefined : fromStage(joinPath("/", source.value), other, build);
  if (found !== undefined) return [found];
  const reason = `${source.value} is copied from ${from.value}, which is not part of the input`;
  return [{ name: baseName(source.value), content: { type: "unknown", reason } }];
}

function fromContext(source: string, { context, files }: CopyingBuild): readonly Source[] {
  const names = /[*?[]/u.test(source) ? matching(source, context, files) : [source];
  return names.flatMap((name): readonly Source[] => {
    const path = joinPath(context, name);
    const kind = files.stat(path)?.kind;
    if (kind === undefined) return [];
    return [{ name: baseName(path), content: { type: kind === "file" ? "file" : "folder", path } }];
  });
}

/** Go's filepath.Match: a star and a question mark do not match a slash, and do match a dot at the start. */
function matching(pattern: string, context: string, files: Files): readonly string[] {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  let found = [""];
  for (const part of parts) {
    found = found.flatMap((folder) => {
      if (!/[*?[]/u.test(part)) return [joinPath(folder, part)];
      const names = files.list(joinPath(context, folder)) ?? [];
      const expression = expressionOf(part);
      return names.filter((name) => expression.test(name)).map((name) => joinPath(folder, name));
    });
  }
  return found;
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|\\]/gu, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /^(?!)/u;
  }
}

/** What an earlier stage has at a path, as far as it was copied there from the build context. */
function fromStage(path: string, stage: DockerStage, build: CopyingBuild): Source | undefined {
  const put = copiedFiles(chainOf(stage, build.dockerfile), build)
    .filter(({ target }) => path === target || path.startsWith(target === "/" ? "/" : `${target}/`))
    .sort((left, right) => left.target.length - right.target.length)
    .at(-1);
  if (put === undefined) return undefined;
  const { content, target } = put;
  if (content.type !== "folder") return path === target ? { name: baseName(path), content } : undefined;
  const inside = joinPath(content.path, `.${path.slice(target === "/" ? 0 : target.length)}`);
  const kind = build.files.stat(inside)?.kind;
  if (kind === undefined) return undefined;
  return { name: baseName(path), content: { type: kind === "file" ? "file" : "folder", path: inside } };
}

function chainOf(stage: DockerStage, { stages }: Dockerfile): readonly DockerStage[] {
  const below = stage.baseStage === undefined ? undefined : stages[stage.baseStage];
  return below === undefined ? [stage] : [...chainOf(below, { stages, errors: [] }), stage];
}

/** Folders that the images have: a file that is copied onto one of them goes into it. */
const knownFolders =
  /^\/(?:etc|etc\/nginx(?:\/(?:conf\.d|templates|sites-enabled|snippets))?|etc\/orthanc|tmp|usr\/share\/nginx\/html|docker-entrypoint-(?:initdb|init)\.d)$/u;

/** A target that ends in a slash, or takes several sources, is a folder. */
function placeIn(target: string, name: string, stage: DockerStage, folder = false): string {
  const full = absolute(target, stage);
  const into = folder || /(?:^|\/)\.?$/u.test(target) || knownFolders.test(full);
  return into ? joinPath(full, name) : full;
}

function absolute(target: string, stage: DockerStage): string {
  const base = stage.workdir?.value ?? "/";
  const full = isAbsolute(target) ? joinPath("", target) : joinPath(base, target);
  return full.length > 1 ? full.replace(/\/+$/u, "") : full;
}
