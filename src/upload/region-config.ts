import { readFile } from "node:fs/promises";
import * as z from "zod";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { AccessToken, RegionEndpoint, eachOnce } from "./region-endpoint.ts";
import type { Regions } from "./region-endpoint.ts";

/** A region as a configuration file has it: what is secret or long stands in files of its own. */
export const RegionConfig = RegionEndpoint.omit({ token: true, ca: true }).extend({
  /** File with the access token. @default none is sent */
  tokenFile: z.string().min(1).optional(),
  /** PEM file of the authorities that the endpoint's certificate may come from. @default those that Node trusts */
  caFile: z.string().min(1).optional(),
});
export type RegionConfig = Readonly<z.infer<typeof RegionConfig>>;

export const RegionConfigs = z.array(RegionConfig).superRefine(eachOnce);

/** Reads the files that regions name. Throws CamfenceError `unreadable` with all that is wrong with any of them. */
export async function readRegions(configs: readonly RegionConfig[]): Promise<Regions> {
  const mistakes: string[] = [];
  const read = async (what: string, path: string, check: (text: string) => string | null) => {
    try {
      const text = (await readFile(path, "utf8")).trim();
      const mistake = check(text);
      if (mistake !== null) mistakes.push(`${what} ${path}: ${mistake}`);
      return text;
    } catch (thrown) {
      mistakes.push(`${what}: ${messageOf(thrown)}`);
      return "";
    }
  };
  const regions = await Promise.all(
    configs.map(async ({ tokenFile, caFile, ...region }) => ({
      ...region,
      ...(tokenFile !== undefined && { token: await read(`token of ${region.id}`, tokenFile, tokenMistake) }),
      ...(caFile !== undefined && { ca: await read(`authorities of ${region.id}`, caFile, caMistake) }),
    })),
  );
  if (mistakes.length === 0) return regions;
  throw new CamfenceError("unreadable", mistakes.join("; "));
}

function tokenMistake(text: string): string | null {
  return AccessToken.safeParse(text).success
    ? null
    : "expected one token, printable characters without spaces";
}

function caMistake(text: string): string | null {
  return text.includes("-----BEGIN CERTIFICATE-----") ? null : "got no certificate, expected PEM";
}
