/** The release of pacslint itself. */
import packageVersion from "../generated/version.js";

/** As package.json has it. */
export const version: string = packageVersion;
