/** `pacslint effective PATH…`: every setting that a server ends up with, and where it comes from. */
import { surveyPaths } from "../lint.ts";
import type { Setting } from "../products/product.ts";
import { type Analysis, analyse } from "../reach/analyse.ts";
import {
  type EffectiveService,
  type EffectiveSetting,
  effectiveData,
  renderEffective,
} from "../reports/effective.ts";
import { groupBy } from "../reports/group.ts";
import { toJson } from "../reports/json.ts";
import { softwareOf } from "../triage/services.ts";
import type { ExitCode, Io } from "./io.ts";
import { nothing } from "./nothing.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";

interface EffectiveFlags extends InputFlags, OutputFlags {
  readonly format: "text" | "json";
  readonly all?: boolean;
}

/** Prints the settings. */
export async function effective(paths: readonly string[], flags: EffectiveFlags, io: Io): Promise<ExitCode> {
  const asked = await request(paths, flags, io);
  if (asked === undefined) return nothing(flags, io);
  const survey = surveyPaths(asked.options, asked.platform);
  const analysed = survey.deployments.map((deployment) => ({
    id: deployment.id,
    analysis: analyse(deployment, survey.context),
  }));
  const services = analysed.flatMap(({ id, analysis }) => servicesOf(id, analysis, flags.all === true));
  const context = {
    sources: survey.sources,
    secrets: [...survey.secrets, ...analysed.flatMap(({ analysis }) => analysis.secrets)],
  };
  const json = () => toJson(effectiveData(services, context));
  const text = () => renderEffective(services, context, textOptions(flags, io));
  emit(flags.format === "json" ? json() : text(), flags, io);
  return services.length === 0 ? 3 : 0;
}

function servicesOf(deployment: string, analysis: Analysis, all: boolean): readonly EffectiveService[] {
  const analysed = analysis.scenarios.flatMap(({ services }) => services);
  return [...groupBy(analysed, ({ service }) => service)].map(
    ([service, atReleases]): EffectiveService => ({
      deployment,
      service: service.name,
      product: service.product,
      ...softwareOf(service),
      releases: atReleases.map(({ version }) => version),
      settings: merge(
        atReleases.map(({ version, derived }) => ({
          version,
          settings: derived.settings().filter(({ security }) => all || security),
        })),
      ),
    }),
  );
}

type AtRelease = Readonly<{ version: string; settings: readonly Setting[] }>;

/** One entry for each setting: a value that is the same at every release is told once. */
function merge(atReleases: readonly AtRelease[]): readonly EffectiveSetting[] {
  const everywhere = atReleases.length;
  // Newest last: its order and its origins are the ones that are shown.
  const all = atReleases
    .toReversed()
    .flatMap(({ version, settings }) => settings.map((setting) => ({ version, setting })));
  return [...groupBy(all, ({ setting }) => setting.path)].map(([path, entries]) => ({
    path,
    security: entries.some(({ setting }) => setting.security),
    values: [...groupBy(entries, ({ setting }) => setting.shown)].map(([shown, same]) => ({
      shown,
      isDefault: same.every(({ setting }) => setting.isDefault),
      origins: same[0]?.setting.origins ?? [],
      releases: same.length === everywhere ? [] : same.map(({ version }) => version).reverse(),
    })),
  }));
}
