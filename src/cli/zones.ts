import { zoneFileJsonSchema } from "../zones/zone-file-json-schema.ts";
import { commandGroup } from "./command-group.ts";
import type { Command } from "./io.ts";
import { run as build } from "./zones/zones-build.ts";
import { run as check } from "./zones/zones-check.ts";

const HELP = `camfence zones COMMAND

  convert FILE…   make a zone file of GeoJSON, KML, GPX, Shapefile, ED-269, ED-318, OSM or CSV
  build PATH…     compile zone files to one that loads at once
  check PATH…     report every mistake of zone files
  rules           what check asks for, and what to do where it is broken
  diff A B        what a change does; exit 1 where it weakens the protection
  schema          print the JSON Schema of zone files, for editors
  keygen          make the keys of a signed roll-out
  publish         sign zone sets and write a repository for any web server
  rotate-key      replace a key by a new one
  revoke          take a key's trust away
  status          what a repository publishes, or what is in force in a vehicle
  update          bring a vehicle's zone set up to date from a repository
  tuf-client      the updater as the tuf-conformance suite calls it

Example: camfence zones check geofences/
`;

const COMMANDS: Readonly<Record<string, Command>> = {
  build,
  convert: async (args, io) => (await import("./zones/zones-convert.ts")).run(args, io),
  check,
  rules: async (args, io) => (await import("./zones/zones-rules.ts")).run(args, io),
  diff: async (args, io) => (await import("./zones/zones-diff.ts")).run(args, io),
  keygen: async (args, io) => (await import("./zones/zones-keygen.ts")).run(args, io),
  publish: async (args, io) => (await import("./zones/zones-publish.ts")).run(args, io),
  "rotate-key": async (args, io) => (await import("./zones/zones-rotate-key.ts")).run(args, io),
  revoke: async (args, io) => (await import("./zones/zones-revoke.ts")).run(args, io),
  status: async (args, io) => (await import("./zones/zones-status.ts")).run(args, io),
  update: async (args, io) => (await import("./zones/zones-update.ts")).run(args, io),
  "tuf-client": async (args, io) => (await import("./zones/zones-tuf-client.ts")).run(args, io),
  schema: async (_args, io) => {
    io.stdout(`${JSON.stringify(zoneFileJsonSchema(), null, 2)}\n`);
    return 0;
  },
};

/** The `camfence zones …` commands. */
export const run = commandGroup("zones", HELP, COMMANDS);
