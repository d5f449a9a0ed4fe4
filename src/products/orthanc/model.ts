/** What the parts of this folder share while the facts of one service at one release are derived. */
import type { Service } from "../../deployment/model.ts";
import type { DeriveContext } from "../product.ts";
import { atLeast } from "../version.ts";
import type { ImageConfiguration, ImageInput } from "./image/types.ts";
import type { LoadedConfiguration } from "./load.ts";
import type { Modality } from "./modalities.ts";
import type { PluginState } from "./plugins.ts";
import type { Settings } from "./settings.ts";

/** One Orthanc at one release: its configuration with what follows from it. */
export interface OrthancModel {
  readonly service: Service;
  readonly context: DeriveContext;
  readonly version: string;
  readonly loaded: LoadedConfiguration;
  readonly settings: Settings;
  readonly plugins: readonly PluginState[];
  readonly modalities: readonly Modality[];
  /** What the image's start script did; undefined on a host. */
  readonly image: ImageConfiguration | undefined;
  /** What it was given; undefined on a host. */
  readonly imageInput: ImageInput | undefined;
}

/** Whether the release is this one or newer. */
export function since(model: { readonly version: string }, version: string): boolean {
  return atLeast(model.version, version);
}

/** Whether the service runs a package of Debian, which differs from the project's own builds in places. */
export function isDebian(model: Pick<OrthancModel, "service">): boolean {
  return model.service.version.build === "debian";
}
