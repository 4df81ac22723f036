import type { Command } from "./io.ts";
export const verdict: Command = async () => 0;
