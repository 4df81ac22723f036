import { simulateDrive } from "../../simulator/index.ts";
import { GuardPolicy } from "../../src/config.ts";
import { runDrive } from "../../src/cli/simulate/simulate-run.ts";
import type { Format } from "../campaign/rendered-drive.ts";
import { auditFrame, imagesOf, renderedScenario } from "../campaign/rendered-drive.ts";

const SEED = 33;
const TARGET = 200 / 2;

/** Whole drives with images of 640 × 480: rendered, encoded, guarded, and what is released decoded and audited. */
export async function benchRendered(print: (line: string) => void): Promise<void> {
  print("rendered drives, 640 × 480, frames a second of one processor");
  for (const format of ["rgb24", "nv12", "jpeg"] satisfies Format[]) {
    const scenario = await renderedScenario(SEED, format);
    let frames = 0;
    const before = process.cpuUsage();
    const drive = simulateDrive(scenario);
    await runDrive(drive, {
      policy: GuardPolicy.parse(scenario.policy),
      pixels: await imagesOf(drive),
      async onOutcome({ released }) {
        frames++;
        if (released !== null) await auditFrame(released.frame);
      },
      onRevocation: () => {},
    });
    const { user, system } = process.cpuUsage(before);
    const rate = (frames * 1e6) / (user + system);
    print(
      `  ${format.padEnd(8)} ${rate.toFixed(0).padStart(6)}   target ${TARGET}, ${rate >= TARGET ? "met" : "MISSED"}`,
    );
  }
}
