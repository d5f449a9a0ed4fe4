/**
 * Would it start? The reasons for which Orthanc refuses a configuration, by release.
 * Source: OrthancServer/Sources/main.cpp, OrthancConfiguration.cpp; OrthancFramework RemoteModalityParameters.cpp,
 * WebServiceParameters.cpp, DicomTls.cpp, HttpServer.cpp; measured on four releases.
 */
import { fromPlace } from "../../../facts/origin.ts";
import { isUnknown } from "../../../facts/unknown.ts";
import { configurationFolder } from "../filters.ts";
import type { Fault } from "../load.ts";
import type { OrthancModel } from "../model.ts";
import { modalityFaults, peerFaults } from "../nodes.ts";
import type { Login } from "../users.ts";
import { isMissing, refusal } from "./refusal.ts";
import { dicomTlsFaults, httpTlsFaults } from "./tls.ts";
import { numberFaults, typeFaults } from "./types.ts";
import { userFaults } from "./users.ts";
import { valueFaults } from "./values.ts";

/** Every reason against the start, and those for which a started server dies. */
export function startupFaults(model: OrthancModel, login: Login): readonly Fault[] {
  return [
    ...model.loaded.faults,
    ...typeFaults(model),
    ...numberFaults(model),
    ...userFaults(model, login),
    ...modalityFaults(model),
    ...peerFaults(model),
    ...valueFaults(model),
    ...httpTlsFaults(model),
    ...dicomTlsFaults(model),
    ...portFaults(model),
    ...scriptFaults(model),
  ];
}

/** Both servers on one port: the second cannot open it. */
function portFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  if (
    settings.boolean("HttpServerEnabled").value !== true ||
    settings.boolean("DicomServerEnabled").value !== true
  )
    return [];
  const http = settings.integer("HttpPort");
  const dicom = settings.integer("DicomPort");
  if (isUnknown(http.value) || isUnknown(dicom.value)) return [];
  if ((http.value & 0xffff) !== (dicom.value & 0xffff) || (http.value & 0xffff) === 0) return [];
  return [
    refusal(
      "HttpPort and DicomPort are the same: Orthanc refuses to start",
      "two different ports",
      ...http.origins,
      ...dicom.origins,
    ),
  ];
}

/** Lua scripts that are not there stop the start. */
function scriptFaults(model: OrthancModel): readonly Fault[] {
  const scripts = model.settings.find(["LuaScripts"]);
  if (scripts?.kind !== "array") return [];
  return scripts.items.flatMap((item) => {
    if (item.kind !== "string" || !isMissing(model, item.text.value, configurationFolder(model))) return [];
    return [
      refusal(
        "A script of LuaScripts is not there: Orthanc refuses to start",
        "the path of a script that exists",
        fromPlace(item),
      ),
    ];
  });
}
