// A single executable begins with a CommonJS script; the program is a module, kept beside it as an asset.
const { getRawAsset } = require("node:sea");
const { Script, constants } = require("node:vm");

// That modules come from an asset is called experimental; nobody who starts this can change it.
process.removeAllListeners("warning");

// What Node itself says of an error shows the line it is from, and the program is one.
process.on("uncaughtException", (error) => {
  const text = String(error?.stack ?? error).replaceAll(
    /data:text\/javascript;base64,[\w+/=]+/g,
    "camfence.mjs",
  );
  process.stderr.write(`camfence: our fault: ${text}\n`);
  process.exit(3);
});

const program = Buffer.from(getRawAsset("camfence.mjs")).toString("base64");
new Script(`import("data:text/javascript;base64,${program}")`, {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext();
