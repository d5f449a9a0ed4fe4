import { type Draft, maybe, set } from "./draft.ts";

/** Plugins that are there, that are not, and the sections of those that need one. */
export function pluginKeys(draft: Draft): void {
  const { random } = draft;
  const hasPlugins = random.chance(0.4);
  const list: string[] = [];
  if (hasPlugins) {
    if (random.chance(0.7)) list.push(plugin(draft, "plugins", "libOrthancDicomWeb.so"));
    if (random.chance(0.6)) list.push(plugin(draft, "plugins", "libModalityWorklists.so"));
    const whole = list.length > 0 && random.chance(0.3) ? ["plugins"] : list;
    if (random.chance(0.04)) whole.push("plugins/libOrthancAuthorization.so");
    if (random.chance(0.04)) whole.push("no-such-folder");
    set(draft, "Plugins", whole);
  }
  if (random.chance(hasPlugins ? 0.5 : 0.1)) dicomWeb(draft);
  if (random.chance(hasPlugins ? 0.8 : 0.1)) {
    set(draft, "Worklists", { Enable: random.chance(0.85), Database: "worklists" });
    draft.files["worklists/lockfile"] = "";
  }
}

function plugin(draft: Draft, folder: string, name: string): string {
  draft.fixtures[`${folder}/${name}`] = `plugin/${name}`;
  return `${folder}/${name}`;
}

function dicomWeb(draft: Draft): void {
  const { random } = draft;
  const section: Record<string, unknown> = {};
  if (random.chance(0.6))
    section.Enable = random.weighted<unknown>([
      [4, true],
      [3, false],
      [0.4, "true"],
      [0.3, 1],
    ]);
  if (random.chance(0.3)) {
    const root = random.pick(["/dicom-web/", "/dw/", "web"]);
    section.Root = root;
    draft.dicomWebRoots.push(root.startsWith("/") ? root : `/${root}`);
  }
  maybe(draft, "DicomWeb", [
    [30, section],
    [1, true],
  ]);
}
