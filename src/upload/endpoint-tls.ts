import { createHash, X509Certificate } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";
import type { RegionEndpoint } from "./region-endpoint.ts";
import { UploadError } from "./upload-error.ts";

/** One connection at a time to the endpoint of a region, which has to prove that it is the one. */
export function agentFor({ endpoint, ca, pin }: RegionEndpoint): HttpAgent {
  const common = { keepAlive: true, maxSockets: 1 };
  if (endpoint.protocol === "http:") return new HttpAgent(common);
  return new HttpsAgent({
    ...common,
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: true,
    checkServerIdentity: (host, certificate) =>
      checkServerIdentity(host, certificate) ?? pinError(certificate, pin),
  });
}

function pinError({ raw }: PeerCertificate, pin: string | undefined): Error | undefined {
  const got = pinOf(raw);
  if (pin === undefined || got === pin) return undefined;
  const detail = `got a certificate with the public key ${got}, expected the pinned ${pin}`;
  return new UploadError({ kind: "refused", why: "untrusted", detail });
}

/** SHA-256 of a certificate's SubjectPublicKeyInfo, base64 (RFC 7469, § 2.4). */
export function pinOf(certificate: Buffer | string): string {
  const spki = new X509Certificate(certificate).publicKey.export({ format: "der", type: "spki" });
  return createHash("sha256").update(spki).digest("base64");
}
