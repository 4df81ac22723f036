import * as z from "zod";

const HttpUrl = z.url({ protocol: /^https?$/, error: "the address of a repository: https://…" });

/** How a vehicle keeps its zones current. */
export const ZoneUpdatePolicy = z
  .strictObject({
    /** Address of the repository, which has `metadata/` and `targets/`. */
    url: HttpUrl,
    /** Folder for what is in force and what is trusted; one process at a time. */
    store: z.string().min(1),
    /** The root metadata that came with the vehicle. */
    rootFile: z.string().min(1),
    /** Whose zones to take, such as `cn`. */
    area: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "an area's small name, such as cn"),
    /** This vehicle's id, for canary groups. Absent: in none. */
    vehicle: z.string().min(1).max(128).optional(),
    /** age identities (`AGE-SECRET-KEY-1…`, one a line) that open encrypted sets. */
    identityFile: z.string().min(1).optional(),
    /** Certificates (PEM) to trust instead of the system's. */
    caFile: z.string().min(1).optional(),
    intervalMinutes: z.number().min(1).max(10_080).default(60),
    /** Share of the interval by which each wait differs at random, so that a fleet does not come at once. */
    jitter: z.number().min(0).max(0.9).default(0.2),
    /** Longest wait after a first failure; doubles up to the interval. */
    firstRetryS: z.number().min(1).max(3600).default(10),
    /** Longest silence of the repository. */
    silenceMs: z.number().min(100).max(600_000).default(30_000),
    /** Age since the repository last vouched for the set, from which all zones reach `staleMarginM` farther. */
    maxZoneAgeDays: z.number().positive().max(3650).default(30),
    /** Age from which every frame is dropped as `zones-expired`; the set's own expiry comes first where it is earlier. */
    closeZoneAgeDays: z.number().positive().max(3650).default(60),
    /** Added to every zone's standoff and view when the set is old: new sites are built beside old ones. */
    staleMarginM: z.number().nonnegative().max(10_000).default(500),
  })
  .refine(({ maxZoneAgeDays, closeZoneAgeDays }) => maxZoneAgeDays <= closeZoneAgeDays, {
    error: "closeZoneAgeDays no less than maxZoneAgeDays",
    path: ["closeZoneAgeDays"],
  });
export type ZoneUpdatePolicy = Readonly<z.infer<typeof ZoneUpdatePolicy>>;
export type ZoneUpdatePolicyInput = z.input<typeof ZoneUpdatePolicy>;

export type FreshnessPolicy = Pick<ZoneUpdatePolicy, "maxZoneAgeDays" | "closeZoneAgeDays" | "staleMarginM">;
