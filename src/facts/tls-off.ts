import type { Tls } from "./facts.ts";

/** The TLS of a port that has none. */
export const tlsOff: Tls = {
  mode: "off",
  encrypts: false,
  minVersion: null,
  ciphers: null,
  clientCertificate: "none",
};
