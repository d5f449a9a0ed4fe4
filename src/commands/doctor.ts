/** `pacslint doctor PATH…`: what was read, and how it was taken. */
import { lint } from "../lint.ts";
import { doctorData, renderDoctor } from "../reports/doctor.ts";
import { toJson } from "../reports/json.ts";
import { renderMermaid } from "../reports/mermaid.ts";
import type { ExitCode, Io } from "./io.ts";
import { nothing } from "./nothing.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";

interface DoctorFlags extends InputFlags, OutputFlags {
  readonly format: "text" | "json" | "mermaid";
}

/** Prints it. What is open does not count here; what could not be read does. */
export async function doctor(paths: readonly string[], flags: DoctorFlags, io: Io): Promise<ExitCode> {
  const asked = await request(paths, flags, io);
  if (asked === undefined) {
    const format = flags.format === "json" ? "json" : "text";
    return nothing({ ...flags, format }, io);
  }
  const { report } = lint(asked.options, asked.platform);
  const document = {
    text: () => renderDoctor(report, textOptions(flags, io)),
    json: () => toJson(doctorData(report)),
    mermaid: () => renderMermaid(report),
  }[flags.format];
  emit(document(), flags, io);
  const unread = report.problems.some(({ kind }) => ["unreadable", "syntax", "limit"].includes(kind));
  return unread || report.deployments.length === 0 ? 3 : 0;
}
