/** The encoding of a `.dbf` in the name that `TextDecoder` knows; null where the `.cpg` names one that it does not know. */
export function dbfEncoding(dbf: Uint8Array, cpg: Uint8Array | null): string | null {
  const named = cpg ? Buffer.from(cpg).toString("latin1").trim() : "";
  if (named === "") return BY_DRIVER.get(dbf[AT_DRIVER] ?? 0) ?? "windows-1252";
  const number = /^(?:ANSI|CP|OEM|IBM)?[ _-]?(\d{3,5})$/i.exec(named)?.[1];
  const name = number === undefined ? named : (BY_CODE_PAGE.get(number) ?? `windows-${number}`);
  return known(name) ?? known(name.replace(/^ISO[ _-]?8859[ _-]?/i, "iso-8859-"));
}

/** dBASE's language driver byte. */
const AT_DRIVER = 29;

/** dBASE language drivers and Windows code pages that are not called `windows-` and their number. */
const BY_DRIVER: ReadonlyMap<number, string> = new Map([
  [0x13, "shift_jis"],
  [0x4d, "gbk"],
  [0x4e, "euc-kr"],
  [0x4f, "big5"],
  [0x7a, "gbk"],
  [0xc8, "windows-1250"],
  [0xc9, "windows-1251"],
  [0x65, "ibm866"],
]);
const BY_CODE_PAGE: ReadonlyMap<string, string> = new Map([
  ["866", "ibm866"],
  ["932", "shift_jis"],
  ["936", "gbk"],
  ["949", "euc-kr"],
  ["950", "big5"],
  ["54936", "gb18030"],
  ["65001", "utf-8"],
  ["28591", "iso-8859-1"],
  ["88591", "iso-8859-1"],
]);

function known(name: string): string | null {
  try {
    return new TextDecoder(name).encoding;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
