/** nginx itself as the judge. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { absenceOf, type Judge, startJudgeOf } from "../proxies/judge.ts";

const home = process.env.PACSLINT_NGINX ?? "/var/cache/pacslint-nginx";
const binary = [join(home, "usr/sbin/nginx"), "/usr/sbin/nginx"].find((path) => existsSync(path));

/** Why the judge cannot be asked here, or undefined when it can. */
export const absent: string | undefined = absenceOf("nginx", binary, "PACSLINT_REQUIRE_NGINX");

const globals = "daemon off; master_process off; pid tmp/pid; error_log stderr;";
const run = ["-p", "{folder}", "-c", "{folder}/nginx.conf", "-g", globals];

/** Starts it. */
export function startJudge(): Judge {
  return startJudgeOf({ binary: binary ?? "", run, check: [...run, "-t"], dump: [...run, "-T"] });
}
