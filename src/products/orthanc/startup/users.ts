/** Users that Orthanc refuses, and their absence. */
import { fromPlace } from "../../../facts/origin.ts";
import type { Member } from "../../../sources/tree.ts";
import { noUserMessage } from "../image/users.ts";
import type { Fault } from "../load.ts";
import { type OrthancModel, since } from "../model.ts";
import type { Login } from "../users.ts";
import { refusal } from "./refusal.ts";

/** What is wrong with RegisteredUsers while the HTTP server runs. */
export function userFaults(model: OrthancModel, login: Login): readonly Fault[] {
  const { settings } = model;
  if (settings.boolean("HttpServerEnabled").value !== true) return [];
  const users = settings.find(["RegisteredUsers"]);
  const members = users?.kind === "object" ? users.members : [];
  return [...missingUsers(model, login), ...members.flatMap((member) => memberFaults(model, member))];
}

function missingUsers({ settings, image }: OrthancModel, login: Login): readonly Fault[] {
  const toldByImage = image?.faults.some(({ message }) => message === noUserMessage) === true;
  if (login.refusesWithoutUsers !== true || toldByImage) return [];
  return [
    refusal(
      "Remote access and login are on and RegisteredUsers is missing: Orthanc refuses to start since 1.13.0",
      "at least one user in RegisteredUsers",
      settings.originOf(["RegisteredUsers"]),
      ...login.remoteAccess.origins,
    ),
  ];
}

function memberFaults(model: OrthancModel, { key, keyAt, value }: Member): readonly Fault[] {
  const faults: Fault[] = [];
  const isScalar = value.kind !== "object" && value.kind !== "array";
  const isText = value.kind === "string" || value.kind === "unknown";
  if (!isScalar || (!isText && since(model, "1.12.9"))) {
    faults.push(
      refusal(
        "A password in RegisteredUsers must be a text in quotes, and Orthanc refuses to start otherwise",
        "a text in quotes",
        fromPlace(value),
      ),
    );
  }
  if (key.includes(":") && since(model, "1.12.10")) {
    faults.push(
      refusal(
        "A user name in RegisteredUsers may not hold a colon, and Orthanc refuses to start since 1.12.10",
        "a name without colon",
        fromPlace(keyAt),
      ),
    );
  }
  return faults;
}
