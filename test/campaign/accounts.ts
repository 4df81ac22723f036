import type { Scenario, StoredFact } from "../../simulator/index.ts";
import type { SimulatedStorage } from "../../src/cli/simulate/simulate-storage.ts";
import { createSimulatedStorage } from "../../src/cli/simulate/simulate-storage.ts";

/** What became of the released frames of a drive that is stored. */
export interface Account {
  readonly released: number;
  readonly stored: number;
  /** Counted as lost by the product. */
  readonly lost: number;
  /** Neither stored nor counted: what a kill takes with it; less than 0 for frames that nobody released. */
  readonly unaccounted: number;
  /** Whether more is unaccounted for than kills may take, or less than nothing. */
  readonly isWrong: boolean;
}

export interface Accountant {
  readonly storage: SimulatedStorage;
  released(): void;
  account(): Account;
}

/** For a scenario that expects something of what is stored; null for all others. */
export async function createAccountant({ expect }: Scenario): Promise<Accountant | null> {
  const expected = expect.find(({ that }) => that === "stored");
  if (expected?.that !== "stored") return null;
  let [released, stored, lost] = [0, 0, 0];
  const storage = await createSimulatedStorage((fact: StoredFact) => {
    if (fact.kind === "stored") stored += fact.frames;
    else lost += fact.frames ?? 0;
  });
  return {
    storage,
    released: () => void released++,
    account() {
      const unaccounted = released - stored - lost;
      const isWrong = unaccounted < 0 || unaccounted > expected.unaccountedAtMost;
      return { released, stored, lost, unaccounted, isWrong };
    },
  };
}
