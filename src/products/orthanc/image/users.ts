/**
 * Who can log in: ORTHANC_PASSWORD, and the refusal to start without users, both since 26.7.0.
 * Source: docker/orthanc/generateConfiguration.py at 26.8.1.
 */
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { and, type Maybe, unknown } from "../../../facts/unknown.ts";
import type { Tree } from "../../../sources/tree.ts";
import { emptyObject, type Merged, valueAt } from "./merge.ts";
import { mayBeUsed } from "./variables.ts";
import { nextWriter, note, type PlacedVariable, placeOf, refuse, stages, type Work } from "./work.ts";

/** Sets the password of the user orthanc, and checks that there is a user where one is needed. */
export function settleUsers(work: Work): void {
  const { root, events } = work.merging;
  const listed = valueAt(root, "RegisteredUsers");
  if (!work.release.needsUsers) {
    tellTooNew(work, listed);
    return;
  }
  const open = and(
    isTrue(valueAt(root, "RemoteAccessAllowed")),
    isTrue(valueAt(root, "AuthenticationEnabled")),
  );
  const password = work.variables.get("ORTHANC_PASSWORD");
  if (password !== undefined && password.value.value !== "") {
    addUser(work, root, listed, password);
  } else if (open !== false) {
    const lacking = isLacking(listed, root.open !== undefined);
    if (lacking === true && open === true) refuseToStart(work, listed);
    else if (lacking !== false) events.push({ type: "uncertain" });
  }
}

/** The variable of later releases, where nothing else makes a user: health checks and scripts use its name too. */
function tellTooNew(work: Work, listed: Tree | undefined): void {
  const password = work.variables.get("ORTHANC_PASSWORD");
  const { open } = work.merging.root;
  if (password === undefined || isLacking(listed, open !== undefined) !== true) return;
  if (!mayBeUsed(work, "ORTHANC_PASSWORD"))
    note(work, "no-effect", "ORTHANC_PASSWORD has no effect before 26.7.0", password.at);
}

/** Whether no user is declared, or something that Python cannot count. */
function isLacking(listed: Tree | undefined, mayHaveMore: boolean): Maybe<boolean> {
  if (listed?.kind === "unknown") return unknown("input", listed.hole.reason, listed);
  if (listed === undefined && mayHaveMore) return unknown("input", "settings may be there that are not seen");
  if (listed?.kind === "object" && listed.members.length === 0 && listed.open !== undefined)
    return unknown("input", listed.open.reason, listed);
  return hasNoLength(listed) || isEmpty(listed);
}

function refuseToStart(work: Work, listed: Tree | undefined): void {
  if (hasNoLength(listed)) {
    refuseUsers(work, listed);
    return;
  }
  const written = places(listed);
  const missing: Origin = { kind: "absent", by: "no user is listed", belongs: work.input.imageAt.at };
  refuse(
    work,
    noUserMessage,
    "a user in RegisteredUsers, or ORTHANC_PASSWORD",
    ...(written.length > 0 ? written : [missing]),
  );
}

/** What the script says before Orthanc itself gets to say the same. */
export const noUserMessage =
  "Remote access and login are on and there is no user: since 26.7.0 the container does not start";

function refuseUsers(work: Work, listed: Tree | undefined): void {
  const message = "RegisteredUsers is not an object, and the container does not start";
  refuse(work, message, "an object of users and passwords", ...places(listed));
}

/** Added to the other users; in place of whatever else is there when that is empty. */
function addUser(work: Work, root: Merged, listed: Tree | undefined, password: PlacedVariable): void {
  if (listed?.kind === "unknown") return;
  if (!isEmpty(listed) && listed?.kind !== "object") {
    refuseUsers(work, listed);
    return;
  }
  const writer = nextWriter(work, stages.defaults, "ORTHANC_PASSWORD");
  const entry = root.entries.get("RegisteredUsers");
  const users = entry?.node.kind === "merged" ? entry.node : emptyObject(password.at);
  const tree: Tree = { kind: "string", text: password.value, ...placeOf(password.value, password.at) };
  users.entries.set("orthanc", {
    keyAt: password.at,
    node: { kind: "leaf", tree, disputed: false },
    by: writer,
  });
  root.entries.set("RegisteredUsers", {
    keyAt: entry?.keyAt ?? password.at,
    node: users,
    by: entry?.by ?? writer,
  });
}

/** Python's idea of true. */
function isTrue(tree: Tree | undefined): Maybe<boolean> {
  switch (tree?.kind) {
    case "boolean":
      return tree.value;
    case "number":
      return tree.value !== 0;
    case "string":
      return tree.text.value !== "";
    case "array":
      return tree.items.length > 0;
    case "object":
      return tree.members.length > 0;
    case "unknown":
      return unknown("input", tree.hole.reason, tree);
    default:
      return tree === undefined;
  }
}

function isEmpty(tree: Tree | undefined): boolean {
  if (tree === undefined) return true;
  if (tree.kind === "object") return tree.members.length === 0 && tree.open === undefined;
  if (tree.kind === "array") return tree.items.length === 0;
  return tree.kind === "string" && tree.text.value === "";
}

/** Values whose length Python cannot tell. */
function hasNoLength(tree: Tree | undefined): boolean {
  return tree?.kind === "boolean" || tree?.kind === "number" || tree?.kind === "null";
}

function places(tree: Tree | undefined): readonly Origin[] {
  return tree === undefined ? [] : [fromPlace(tree)];
}
