/** `set_real_ip_from`: whose word is taken for the client's address. */

import { contains, parseAddress, parseNetwork } from "../proxy/network.ts";
import { argument, nearest, setting } from "./block.ts";
import { lower } from "./bytes.ts";
import type { State } from "./state.ts";

/** The address that `allow`, `deny` and `$remote_addr` see. */
export function clientAddress(state: State): string {
  const { client, headers } = state.request;
  const header = lower(argument(setting(state.block, "real_ip_header"), 0) ?? "x-real-ip");
  const value = headers?.[header];
  if (value === undefined || !isTrusted(state, client)) return client;
  const addresses =
    header === "x-forwarded-for" ? value.split(",").map((part) => part.trim()) : [value.trim()];
  const recursive = argument(setting(state.block, "real_ip_recursive"), 0) === "on";
  let found = client;
  for (const address of addresses.reverse()) {
    if (parseAddress(address) === undefined) break;
    found = address;
    if (!recursive || !isTrusted(state, address)) break;
  }
  return found;
}

function isTrusted(state: State, client: string): boolean {
  const address = parseAddress(client);
  if (address === undefined) return false;
  return nearest(state.block, "set_real_ip_from").some((line) => {
    const network = parseNetwork(argument(line, 0) ?? "");
    return network !== undefined && contains(network, address);
  });
}
