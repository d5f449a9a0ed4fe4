/** Distinguished names, as far as they are compared here (RFC 4514). */

/** A form of a name by which equal names are equal: types in lower case, no blanks around separators. */
export function dnKey(dn: string): string {
  return rdns(dn).map(rdnKey).join(",");
}

/** The key of the entry above. */
export function parentKey(key: string): string {
  const comma = separator(key, ",", 0);
  return comma < 0 ? "" : key.slice(comma + 1);
}

/** Type and value of the first part of a name. */
export function firstRdn(dn: string): { readonly type: string; readonly value: string } {
  const [first = ""] = rdns(dn);
  const equals = first.indexOf("=");
  return { type: first.slice(0, equals).trim().toLowerCase(), value: plain(first.slice(equals + 1)) };
}

function rdns(dn: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (;;) {
    const comma = separator(dn, ",", start);
    if (comma < 0) break;
    parts.push(dn.slice(start, comma).trim());
    start = comma + 1;
  }
  parts.push(dn.slice(start).trim());
  return parts;
}

function separator(text: string, mark: string, from: number): number {
  let index = text.indexOf(mark, from);
  while (index > 0 && text.charAt(index - 1) === "\\") index = text.indexOf(mark, index + 1);
  return index;
}

/** Case counts in AE titles only (dicom.schema of dcm4che: caseExactIA5Match); every other type ignores it. */
function rdnKey(rdn: string): string {
  const equals = rdn.indexOf("=");
  const type = rdn.slice(0, equals).trim().toLowerCase();
  const value = rdn.slice(equals + 1).trim();
  return `${type}=${type === "dicomaetitle" ? value : value.toLowerCase()}`;
}

function plain(value: string): string {
  return value.trim().replaceAll(/\\([,+"\\<>;=# ])/g, "$1");
}
