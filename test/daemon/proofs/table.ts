/** What is tried for each rule: it succeeds on the examples of the rule that fire, and fails on those that do not. */
import type { StartOptions } from "../server.ts";
import { ADDRESS } from "../site.ts";
import { type Attempt, anyOf, failsTo, isDown } from "./attempt.ts";
import { associates, does, doesUntrusted, TAKING, withModality } from "./over-dicom.ts";
import {
  ask,
  browses,
  deletesOverWebDav,
  findsNoChecksum,
  isAnswered,
  logsIn,
  RADIOLOGY,
  reads,
  replacesImage,
  runsScript,
  sees,
  sends,
  system,
  writesFile,
} from "./over-http.ts";
import {
  callsModality,
  callsPeer,
  keepsPassword,
  logsPasswords,
  modalityStays,
  sendsUnrecorded,
} from "./with-partners.ts";

/** How a rule is proven. */
export interface Proof {
  /** What is done, as the end of a sentence that begins with "a caller" or "the server". */
  claim: string;
  attempt: Attempt;
  /** Another attempt, by the name of the example. */
  attempts?: Readonly<Record<string, Attempt>>;
  /** Silent examples on which the attempt succeeds all the same, and why the rule is right to be silent. */
  except?: Readonly<Record<string, string>>;
  start?: StartOptions;
}

const LOCAL = { place: "local" } as const;
const STRANGER = { place: "stranger" } as const;
const USER = { ...STRANGER, login: RADIOLOGY } as const;
const OTHER_RULE = "open in another way, which another rule tells";

const http: Readonly<Record<string, Proof>> = {
  "http-no-authentication": {
    claim: "reads the list of studies from another host",
    attempt: reads(STRANGER),
  },
  "http-no-authentication-on-host": {
    claim: "reads the list of studies on the server's host",
    attempt: reads(LOCAL),
    except: { "other hosts are let in too, which another rule tells": OTHER_RULE },
  },
  "http-certificate-without-password": {
    claim: "reads the list of studies with a trusted certificate and no password",
    attempt: reads({ ...STRANGER, dress: "trusted" }),
  },
  "http-login-left-to-script": {
    claim: "sends an image as admin, with a password that was made up",
    attempt: sends({ ...STRANGER, login: "admin:made up" }),
    except: { "a script that only forwards images": OTHER_RULE },
  },
  "http-default-credentials": {
    claim: "logs in from another host with a published password",
    attempt: logsIn("stranger", "orthanc:orthanc", "demo:demo", "ward:"),
  },
  "guessable-password": {
    claim: "logs in from another host with a password that is among the first to be tried",
    attempt: logsIn("stranger", "clinic:clinic2018", "radiology:changeme"),
  },
  "guessable-password-on-host": {
    claim: "logs in on the server's host with a published password",
    attempt: logsIn("local", "demo:demo"),
  },
  "user-name-with-colon": {
    claim: "logs in as the user before the colon",
    attempt: logsIn("stranger", "ad:min:seven red horses in rain"),
  },
  "http-nobody-can-log-in": {
    claim: "does not get in with any login, from anywhere",
    attempt: failsTo(
      anyOf(reads(LOCAL), reads(STRANGER), reads(USER), logsIn("local", "orthanc:orthanc", RADIOLOGY)),
    ),
  },
  "http-no-tls": {
    claim: "sends a password in plain text, and it is taken",
    attempt: reads({ ...USER, dress: "plain" }),
  },
  "http-port-open": { claim: "is let in from another host with a login", attempt: reads(USER) },
  "http-port-visible": {
    claim: "gets an answer from another host, be it a refusal",
    attempt: isAnswered(STRANGER),
    except: { "remote access is allowed, so that the port is meant to be seen": OTHER_RULE },
  },
  "http-describes-errors": {
    claim: "gets a description of an error",
    attempt: sees("OrthancStatus", { ...LOCAL, login: "orthanc:orthanc" }, "/modalities/none/nothing"),
  },
  "http-runs-scripts": {
    claim: "runs a script with an ordinary login",
    attempt: runsScript(USER),
    except: { "without any login the missing login is the finding": OTHER_RULE },
  },
  "http-writes-files": {
    claim: "writes a file to the server's disk with an ordinary login",
    attempt: writesFile(USER),
    except: { "without any login the missing login is the finding": OTHER_RULE },
  },
  "webdav-enabled": {
    claim: "lists the archive as a network drive",
    attempt: browses(USER),
    except: { "on, and the whole server answers without a login, which another rule tells": OTHER_RULE },
  },
  "webdav-allows-deletion": {
    claim: "deletes a study on the network drive",
    attempt: deletesOverWebDav(USER),
  },
  "served-folder-holds-configuration": {
    claim: "downloads the configuration",
    attempt: sees("Staged", LOCAL, "/docs/orthanc.json"),
  },
  "secret-shown-by-server": {
    claim: "reads the password in the list of peers",
    attempt: sees("seven red horses in rain", LOCAL, "/peers?expand"),
  },
};

const withTls: Readonly<Record<string, Proof>> = {
  "tls-old-version": {
    claim: "connects with TLS 1.0",
    attempt: anyOf(
      reads({ ...USER, dress: "trusted", tls: { version: "1.0" } }),
      associates({ dress: "trusted", tls: { version: "1.0" } }),
    ),
  },
  "tls-weak-cipher": {
    claim: "connects with a suite that has no forward secrecy",
    attempt: reads({ ...USER, dress: "tls", tls: { version: "1.2", ciphers: "AES256-SHA:AES128-SHA" } }),
  },
  "tls-no-usable-cipher": {
    claim: "connects with TLS 1.3 and not with TLS 1.2",
    attempt: async (server) => {
      const [old, current] = [await withVersion("1.2")(server), await withVersion("1.3")(server)];
      return { done: !old.done && current.done, seen: [old.seen, current.seen] };
    },
  },
  "tls-clients-not-asked": {
    claim: "reads the list of studies over TLS without a certificate",
    attempt: reads({ ...LOCAL, dress: "tls" }),
    except: { "the name that every default file has": "nobody has prepared certificates there" },
  },
};

function withVersion(version: "1.2" | "1.3"): Attempt {
  return reads({ ...USER, dress: "tls", tls: { version } });
}

const SPOOFED = { calling: "CT01" };
const RIGHT_HOST = { ...SPOOFED, place: "listed" } as const;

const dicom: Readonly<Record<string, Proof>> = {
  "dicom-store-from-anyone": { claim: "sends an image with a made-up AE title", attempt: does(["store"]) },
  "dicom-query-from-anyone": {
    claim: "searches or fetches images with a made-up AE title",
    attempt: doesUntrusted(TAKING),
  },
  "dicom-echo-from-anyone": {
    claim: "tests the connection with a made-up AE title",
    attempt: does(["echo"]),
    except: { "storing is open as well, which weighs more": OTHER_RULE },
  },
  "dicom-title-is-enough": {
    claim: "searches or fetches images from another host with a listed AE title",
    attempt: doesUntrusted(TAKING, SPOOFED),
  },
  "dicom-store-by-title": {
    claim: "sends an image from another host with a listed AE title",
    attempt: does(["store"], SPOOFED),
    except: { "everybody may send, which weighs more": OTHER_RULE },
  },
  "dicom-host-check-without-effect": {
    claim: "searches from another host although hosts are checked",
    attempt: anyOf(does(TAKING, { calling: "REVIEW" }), does(TAKING, { calling: "REVIEW1" })),
  },
  "dicom-host-is-a-name": {
    claim: "is refused although its host's name is the listed one",
    attempt: failsTo(does(["find"], RIGHT_HOST)),
  },
  "dicom-denial-without-effect": {
    claim: "sends images although its entry denies that",
    attempt: does(["store"], SPOOFED),
    attempts: { "searching is denied, which is not open to all": does(["find"], SPOOFED) },
  },
  "dicom-modalities-in-database": {
    claim: "is refused although it is listed in the file",
    attempt: failsTo(does(["find"], RIGHT_HOST)),
    except: { "no list in the file": "nobody is listed there" },
  },
  "dicom-modalities-changed-over-rest": {
    claim: "keeps a modality over a restart that was added over the REST API",
    attempt: modalityStays,
  },
  "dicom-titles-in-any-case": {
    claim: "searches with a listed AE title in the wrong case",
    attempt: withModality("ct01", does(["find"], SPOOFED)),
  },
  "dicom-called-title-unchecked": {
    claim: "calls the server by a wrong AE title",
    attempt: does(["echo"], { called: "PL_WRONG" }),
  },
  "dicom-port-open": { claim: "is let in to the DICOM port", attempt: associates({}) },
  "dicom-no-tls": { claim: "is let in in plain text", attempt: associates({}) },
  "dicom-tls-not-switched-on": {
    claim: "is let in in plain text although a certificate is named",
    attempt: associates({}),
    except: { "the certificate is for connections to a modality": "the certificate serves another purpose" },
  },
  "dicom-tls-not-on-all-ports": {
    claim: "is let in in plain text on the port of a tenant",
    attempt: async (server) => {
      const target = { host: ADDRESS.server, port: 4343, from: ADDRESS.stranger };
      const said = { operation: "associate", calling: "ANYBODY", called: "WARD" } as const;
      const answer = await server.site.remote.dicom({ ...target, ...said });
      return { done: answer.outcome === "answered", seen: answer };
    },
    except: { "tenants without TLS anywhere, which another rule tells": OTHER_RULE },
  },
  "dicom-tls-partners-unverified": {
    claim: "is let in over TLS without a certificate, or with a strange one",
    attempt: anyOf(associates({ dress: "tls" }), associates({ dress: "rogue" })),
  },
  "dicom-unknown-objects": {
    claim: "sends an object of a kind that does not exist",
    attempt: does(["store"], { sopClass: "1.2.826.0.1.3680043.9.9999.77" }),
  },
  "dicom-sends-unencrypted": {
    claim: "begins an association with a modality in plain text",
    attempt: callsModality(104),
    except: { "no TLS at all, which another rule tells": OTHER_RULE },
  },
};

const config: Readonly<Record<string, Proof>> = {
  "configuration-not-readable": { claim: "does not start", attempt: isDown },
  "server-does-not-start": { claim: "does not start", attempt: isDown },
  "server-can-be-stopped-by-callers": {
    claim: "is dead after one TLS handshake",
    start: { ssl: "stock" },
    attempt: async (server) => {
      await ask(server, { place: "local", dress: "tls" }, "/system");
      await server.exited(500);
      return isDown(server);
    },
  },
  "key-too-new": {
    claim: "answers other hosts although it should listen on this one only",
    attempt: isAnswered(STRANGER),
  },
  "key-written-twice": {
    claim: "does as the last of two keys says",
    attempt: reads(LOCAL),
    except: {
      "each key once": "no login is asked there by default",
      "the first one is a comment": "no login is asked there either",
    },
  },
  "misspelt-key-opens": {
    claim: "gets in as if the misspelt key were not there",
    attempt: withModality("CT01", does(["find"], SPOOFED)),
    attempts: {
      "users in a key with a letter missing": logsIn("stranger", "orthanc:orthanc"),
      "misspelt, and the server does by itself what was meant": reads(STRANGER),
    },
  },
  "number-out-of-range": {
    claim: "listens on another port than the one that is written, or to nobody",
    attempt: async (server) => {
      const written = /"HttpPort": *(\d+)/.exec(Object.values(server.test.files).join())?.[1] ?? "8042";
      const ports = server.sockets.http.map(({ port }) => String(port));
      return { done: server.started && !ports.includes(written), seen: ports };
    },
    attempts: { "a version of TLS that does not exist": failsTo(reads({ ...LOCAL, dress: "tls" })) },
  },
  "variable-does-something-else": {
    claim: "takes another text than the one that is written",
    attempt: async (server) => {
      const written = server.test.env.ARCHIVE_NAME?.replaceAll('"', "") || "Archive";
      const name = await system(server, "Name");
      return { done: name !== written, seen: name };
    },
    attempts: {
      "a password that holds the beginning of a variable": failsTo(
        logsIn("local", "radiology:seven${red-horses}rain"),
      ),
    },
  },
  "word-not-known": {
    claim: "says that it deletes old patients, where images should be refused",
    attempt: async (server) => {
      const mode = /Maximum Storage mode: (\w+)/.exec(server.log)?.[1];
      return { done: mode === "Recycle", seen: mode };
    },
    except: { "a wrong word without any limit": "nothing is deleted without a limit" },
  },
  "wrong-type-fails-later": {
    claim: "breaks off the search of a listed modality",
    attempt: failsTo(withModality("CT01", does(["find"], RIGHT_HOST))),
  },
};

const partners: Readonly<Record<string, Proof>> = {
  "peers-over-http": {
    claim: "calls its peer so that others can read along",
    attempt: callsPeer(8042, false),
  },
  "outgoing-https-unverified": {
    claim: "sends its login to a peer with any certificate",
    attempt: callsPeer(443, true),
  },
  "peer-password-in-jobs": {
    claim: "writes the password of a peer into its database",
    attempt: keepsPassword,
  },
  "http-traffic-in-logs": { claim: "writes the password of a peer to its log", attempt: logsPasswords },
  "exports-not-recorded": { claim: "sends an image away and keeps no record", attempt: sendsUnrecorded },
};

const storage: Readonly<Record<string, Proof>> = {
  "images-can-be-replaced": { claim: "replaces an image by another", attempt: replacesImage(LOCAL) },
  "images-without-checksum": { claim: "finds no checksum of an image", attempt: findsNoChecksum(LOCAL) },
};

/** By the id of the rule. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  ...http,
  ...withTls,
  ...dicom,
  ...config,
  ...partners,
  ...storage,
};
