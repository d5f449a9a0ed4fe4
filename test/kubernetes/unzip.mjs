// Takes one file out of a zip archive: node unzip.mjs ARCHIVE NAME TARGET. Debian's base system has no unzip.
import { readFileSync, writeFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

const [archive, wanted, target] = process.argv.slice(2);
const bytes = readFileSync(archive);

// The end record (PK 5 6) tells how many entries the directory has and where it begins; each entry is 46 bytes and its name.
const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
let at = bytes.readUInt32LE(end + 16);
for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
  const nameLength = bytes.readUInt16LE(at + 28);
  const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
  if (name === wanted) {
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    writeFileSync(target, bytes.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content));
    process.exit(0);
  }
  at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
}
process.stderr.write(`${archive} has no ${wanted}\n`);
process.exit(1);
