/** Requests for the judges of proxies. */
import type { Sent } from "./judge.ts";

/** One request for each path, and further methods, clients and names for some. `method`: one beside GET and POST. */
export function requestsOver(
  paths: readonly string[],
  port: number,
  method: string,
  options: Partial<Sent> = {},
): readonly Sent[] {
  const base: Sent = {
    port,
    address: "127.0.0.1",
    tls: false,
    host: "pacs.example",
    path: "/",
    method: "GET",
    client: "127.0.0.1",
    ...options,
  };
  return [
    ...paths.map((path) => ({ ...base, path })),
    ...["/orthanc/studies", "/dicom-web/studies", "/"].flatMap((path) => [
      { ...base, path, method: "POST" },
      { ...base, path, method },
      { ...base, path, client: "127.0.0.9" },
      { ...base, path, host: "other.example" },
    ]),
  ];
}
