import type { DemoCentre } from "./demo-centre.ts";
import type { DemoVehicle } from "./demo-vehicle.ts";
import type { Io } from "../io.ts";

/** What has become of what was released. */
export interface DemoEnd {
  readonly isFine: boolean;
  readonly sealed: {
    readonly segments: number;
    readonly frames: number;
    readonly bytes: number;
    readonly left: number;
  };
  /** Files of the data centre: sealed segments, each beside its signed receipt, and what was in them. */
  readonly sent: readonly string[];
  readonly opened: readonly string[];
  readonly ledger: { readonly path: string; readonly key: string; readonly sound: boolean };
}

export async function demoEnd(
  vehicle: DemoVehicle,
  centres: readonly DemoCentre[],
  io: Io,
): Promise<DemoEnd> {
  const sealed = vehicle.sealed();
  const sent = centres.flatMap((centre) => centre.segments());
  const opened = (await Promise.all(centres.map((centre) => centre.open(io)))).flat();
  const sound = await vehicle.verifyLedger(io);
  const isFine =
    sound && sealed.left === 0 && sent.length === sealed.segments && opened.length === sealed.segments;
  return { isFine, sealed, sent, opened, ledger: { path: vehicle.ledger, key: vehicle.ledgerKey, sound } };
}

export function demoTable({ sealed, sent, opened, ledger }: DemoEnd): string {
  const [first = "", firstOpened = ""] = [sent[0], opened[0]];
  const megabytes = (sealed.bytes / 1e6).toFixed(1);
  const lines = [
    "",
    `sealed   ${sealed.frames} frames in ${sealed.segments} segments, ${megabytes} MB; the vehicle holds no key that opens them`,
    `sent     ${sent.length} segments, each for a signed receipt; ${sealed.left} left in the vehicle`,
    `         ${first}`,
    `         ${first.replace(/\.mcap\.age$/, ".receipt.json")}`,
    `opened   ${opened.length} segments with the data centre's key, for Foxglove and any MCAP tool`,
    `         ${firstOpened}`,
    `ledger   ${ledger.sound ? "sound" : "NOT SOUND"}: camfence ledger verify ${ledger.path} --key ${ledger.key}`,
  ];
  return `${lines.join("\n")}\n`;
}
