export type * from "./drive.ts";
export { simulateDrive } from "./simulate-drive.ts";
export { loadScenario, parseScenario } from "./scenario/load-scenario.ts";
export { Scenario } from "./scenario/scenario.ts";
export type { ScenarioInput } from "./scenario/scenario.ts";
export { zoneFileText } from "./zones/zone-file.ts";
