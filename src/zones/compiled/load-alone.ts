import { CamfenceError } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import type { HeaderOptions } from "../check/check-header.ts";
import { checkTimes } from "../check/check-header.ts";
import { createFindings } from "../check/findings.ts";
import type { ZoneLoad } from "../load-zones.ts";
import { placeMistakes } from "../check/place-mistakes.ts";
import { isCompiledFile, loadCompiled } from "./load-compiled.ts";
import type { CompiledOptions } from "./load-compiled.ts";

/** The compiled set among zone files, if there is one. Throws `zones-invalid` where it does not stand alone. */
export async function compiledAmong(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    if (!(await isCompiledFile(file))) continue;
    if (files.length === 1) return file;
    const message = `${file}: is a compiled set, expected no other zone file beside it; build one of all of them`;
    throw new CamfenceError("zones-invalid", message, { file });
  }
  return undefined;
}

/** Its areas were checked when it was built: only its times may be wrong by now. Throws what `loadCompiled` does. */
export async function loadAlone(file: string, options: HeaderOptions & CompiledOptions): Promise<ZoneLoad> {
  const content = await loadCompiled(file, options);
  const findings = createFindings();
  const times = { issued: formatIso(content.issuedMs), expires: formatIso(content.expiresMs) };
  checkTimes(times, options, findings);
  const mistakes = placeMistakes(file, Buffer.from("null"), findings.listed());
  const [errorCount, warningCount] = [findings.count("error"), findings.count("warning")];
  const reports = [{ file, mistakes, errorCount, warningCount }];
  return errorCount > 0 ? { outcome: "refused", reports } : { outcome: "loaded", content, reports };
}
