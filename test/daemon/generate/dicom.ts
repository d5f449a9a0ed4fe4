import { ADDRESS } from "../site.ts";
import { type Draft, maybe, set } from "./draft.ts";
import { fixture } from "./http.ts";

const OPERATIONS = ["Echo", "Store", "Find", "FindWorklist", "Get", "Move"] as const;
const TITLES = ["CT", "MR", "WS", "Ct"] as const;
/** The first two can be spoken from; nothing answers at the others, and nothing needs to be waited for. */
const HOSTS = [ADDRESS.other, ADDRESS.loopback, "192.0.2.7", "localhost", "ct.example"] as const;

/** The DICOM server's own keys. */
export function dicomKeys(draft: Draft): void {
  const { random } = draft;
  maybe(draft, "DicomServerEnabled", [
    [9, undefined],
    [0.5, true],
    [0.6, false],
  ]);
  maybe(draft, "DicomPort", [
    [8, undefined],
    [0.5, 104],
    [0.5, 11_112],
    [0.2, 4242],
    [0.1, 69_000],
    [0.05, 0.5],
  ]);
  const title = maybe(draft, "DicomAet", [
    [8, undefined],
    [1, "PACS"],
    [0.5, "orthanc"],
    [0.1, ""],
    [0.1, "SEVENTEEN-LETTERS"],
  ]);
  if (typeof title === "string" && title !== "") draft.called = title;
  maybe(draft, "DicomCheckCalledAet", [
    [7, undefined],
    [2, true],
    [1, false],
  ]);
  alwaysAllow(draft);
  maybe(draft, "DicomCheckModalityHost", [
    [6, undefined],
    [4, true],
    [0.5, false],
  ]);
  maybe(draft, "StrictAetComparison", [
    [8, undefined],
    [1.2, true],
    [0.5, false],
  ]);
  modalities(draft);
  if (random.chance(0.06)) set(draft, "DicomModalitiesInDatabase", random.chance(0.8));
}

function alwaysAllow(draft: Draft): void {
  const { random } = draft;
  const allFalse = random.chance(0.25);
  for (const operation of OPERATIONS) {
    const isOnByDefault = operation === "Echo" || operation === "Store";
    const value = allFalse
      ? random.weighted([
          [isOnByDefault ? 20 : 6, false],
          [isOnByDefault ? 0 : 12, undefined],
          [0.6, true],
        ])
      : random.weighted([
          [6, undefined],
          [2.5, true],
          [2.5, false],
        ]);
    if (value !== undefined) set(draft, `DicomAlwaysAllow${operation}`, value);
  }
}

function modalities(draft: Draft): void {
  const { random } = draft;
  const count = random.weighted([
    [3, undefined],
    [0.5, 0],
    [3, 1],
    [3, 2],
    [1.5, 3],
    [0.7, 4],
  ]);
  if (count === undefined) return;
  const section: Record<string, unknown> = {};
  const titles: [string, string][] = [];
  for (let index = 0; index < count; index += 1) {
    const title = random.weighted(TITLES.map((name, place) => [[5, 3, 1, 0.5][place] ?? 1, name] as const));
    const host = random.pick(HOSTS);
    const name = random.chance(0.03) ? `bad name ${index}` : `${random.pick(["a", "m", "z"])}${index}`;
    section[name] = modality(draft, title, host);
    titles.push([title, host]);
  }
  for (const [title] of titles) {
    const sameTitle = titles.filter(([other]) => other.toLowerCase() === title.toLowerCase());
    draft.titles[title] = sameTitle.map(([, host]) => host);
  }
  set(draft, "DicomModalities", section);
}

function modality(draft: Draft, title: string, host: string): unknown {
  const { random } = draft;
  const port = random.weighted<unknown>([
    [8, 104],
    [1, "104"],
    [0.1, 0],
    [0.1, "x"],
  ]);
  const form = random.weighted([
    [5, "three"],
    [2, "four"],
    [7, "object"],
    [0.15, "two"],
    [0.15, "text"],
  ] as const);
  if (form === "three") return [title, host, port];
  if (form === "four") return [title, host, port, random.chance(0.1) ? "NoSuchMaker" : "Generic"];
  if (form === "two") return [title, host];
  if (form === "text") return title;
  return { AET: title, Host: host, Port: port, ...allowances(draft) };
}

function allowances({ random }: Draft): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const operation of OPERATIONS) {
    if (random.chance(0.3)) result[`Allow${operation}`] = random.chance(0.2);
  }
  const odd = random.weighted([
    [20, undefined],
    [1, "misspelt"],
    [1, "case"],
    [0.4, "text"],
    [1, "transcoding"],
    [1, "tls"],
  ] as const);
  if (odd === "misspelt") result.AllowFInd = false;
  if (odd === "case") result.allowGet = false;
  if (odd === "text") result.AllowStore = "false";
  if (odd === "transcoding") result.AllowTranscoding = false;
  if (odd === "tls") result.UseDicomTls = true;
  return result;
}

/** DICOM over TLS: all files, some missing, certificates asked or not. */
export function dicomTlsKeys(draft: Draft): void {
  const { random } = draft;
  if (!random.chance(0.25)) return;
  maybe(draft, "DicomTlsEnabled", [
    [8, true],
    [1, false],
    [1, undefined],
  ]);
  const files = (good: string): [number, string | undefined][] => [
    [16, good],
    [0.4, `absent-${good}`],
    [0.4, undefined],
  ];
  fixture(draft, "DicomTlsCertificate", files("server.crt"));
  fixture(draft, "DicomTlsPrivateKey", files("server.key"));
  fixture(draft, "DicomTlsTrustedCertificates", [...files("trusted-ca.crt"), [1, "rogue-ca.crt"]]);
  maybe(draft, "DicomTlsRemoteCertificateRequired", [
    [5, undefined],
    [4, false],
    [1, true],
  ]);
  if (random.chance(0.2)) set(draft, "DicomTlsMinimumProtocolVersion", random.pick([0, 1, 2, 3, 4, 5]));
  if (random.chance(0.08))
    set(draft, "DicomTlsCiphersAccepted", random.pick([[], ["ECDHE-RSA-AES256-GCM-SHA384"]]));
}
