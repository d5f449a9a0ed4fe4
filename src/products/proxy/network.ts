/** Addresses and networks, as `allow`, `deny`, `geo` and `set_real_ip_from` compare them. */

/** An address as a number; IPv4 in IPv6 (`::ffff:…`) counts as IPv4, as nginx treats it. */
export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** The addresses from `first` to `last`. */
export interface Network {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads an IPv4 or IPv6 address. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const four = parseIpv4(bare);
  if (four !== undefined) return { version: 4, value: four };
  const six = parseIpv6(bare);
  if (six === undefined) return undefined;
  return six >> 32n === 0xffffn ? { version: 4, value: six & 0xffffffffn } : { version: 6, value: six };
}

function parseIpv4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = dotted === null ? undefined : parseIpv4(dotted[2] ?? "");
  if (dotted !== null && four === undefined) return undefined;
  const tail = four === undefined ? "" : `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  const [head = "", rest, more] = `${dotted?.[1] ?? text}${tail}`.split("::");
  if (more !== undefined) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = rest === undefined || rest === "" ? [] : rest.split(":");
  const missing = 8 - left.length - right.length;
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<string>(missing).fill("0"), ...right];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** Reads an address, `address/prefix` or `address/mask`. Bits behind the prefix are cut off, as nginx does. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.version === 4 ? 32 : 128;
  const prefix = slash === -1 ? bits : prefixOf(text.slice(slash + 1), bits);
  if (prefix === undefined) return undefined;
  const free = (1n << BigInt(bits - prefix)) - 1n;
  const first = address.value & ~free;
  return { version: address.version, first, last: first | free };
}

function prefixOf(text: string, bits: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= bits ? prefix : undefined;
}

/** Whether the address lies in the network. */
export function contains(network: Network, address: Address): boolean {
  return (
    network.version === address.version && address.value >= network.first && address.value <= network.last
  );
}

/** The first address of a network, as it is written. */
export function firstAddress({ version, first }: Network): string {
  const size = version === 4 ? 8n : 16n;
  const count = version === 4 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, index) => (first >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n),
  );
  return version === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
}
