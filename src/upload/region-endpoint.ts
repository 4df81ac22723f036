import * as z from "zod";
import { AgeRecipient } from "../buffer/age/recipient.ts";
import { parsePublicKey } from "./keys.ts";
import { RegionId } from "./receipt.ts";

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

export const AccessToken = z
  .string()
  .regex(/^[\x21-\x7e]{1,1024}$/, "expected printable characters without spaces");

/** The one data centre that segments of a region are sealed to and sent to. */
export const RegionEndpoint = z.strictObject({
  /** The region's id in the zone files. */
  id: RegionId,
  /** Where `camfence ingest` of that region answers; `https`, or `http` on this machine. A path may follow. */
  endpoint: z.string().transform(readEndpoint),
  /** The data centre's age recipient: segments are sealed to it. */
  recipient: AgeRecipient,
  /** The data centre's public receipt key, `ed25519:…`: nothing is deleted on anyone else's word. */
  receiptKey: z.string().transform(readReceiptKey),
  /** Access token. @default none is sent */
  token: AccessToken.optional(),
  /** SHA-256 of the public key (SPKI) of the endpoint's certificate, base64. @default any that TLS trusts */
  pin: z.base64().length(44, "expected the base64 of 32 bytes").optional(),
  /** PEM of the authorities that the endpoint's certificate may come from. @default those that Node trusts */
  ca: z.string().optional(),
});
export type RegionEndpoint = Readonly<z.infer<typeof RegionEndpoint>>;

/** Every region once. */
export const Regions = z.array(RegionEndpoint).superRefine(eachOnce);
export type Regions = readonly RegionEndpoint[];

/** Why a segment does not leave the vehicle. */
export type Stays = "no-region" | "no-endpoint";

/** Rule 6: the endpoint of exactly this region, or why there is none. */
export function routeOf(region: string | null, regions: Regions): RegionEndpoint | Stays {
  if (region === null) return "no-region";
  return regions.find(({ id }) => id === region) ?? "no-endpoint";
}

export function eachOnce(regions: readonly { readonly id: string }[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  for (const [i, { id }] of regions.entries()) {
    if (seen.has(id))
      context.addIssue({ code: "custom", message: `region ${id} stands twice`, path: [i, "id"] });
    seen.add(id);
  }
}

type Context = z.core.$RefinementCtx<string>;

/** Ends in `/`, so that paths below it resolve. */
function readEndpoint(text: string, context: Context): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return refuse(context, `got "${text}", expected a URL`);
  // A frame on its way would be readable in between: TLS protects the token and proves the receiver.
  if (url.protocol !== "https:" && !(url.protocol === "http:" && LOOPBACK.has(url.hostname)))
    return refuse(context, `got ${url.protocol}//${url.hostname}, expected https`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return refuse(
      context,
      "expected no user, query or fragment in the URL; an access token is the field token",
    );
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function readReceiptKey(text: string, context: Context) {
  return parsePublicKey(text) ?? refuse(context, "expected ed25519: and the base64 of 32 bytes");
}

function refuse(context: Context, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
