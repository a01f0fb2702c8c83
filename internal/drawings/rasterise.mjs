// Draws every SVG file of a folder as a PNG file 144 pixels wide beside it and removes the SVG file.
// Usage: node rasterise.mjs FOLDER, with resvg's index.mjs and index_bg.wasm in the script's own folder.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { initWasm, Resvg } from "./index.mjs";

const folder = process.argv[2];
await initWasm(await readFile(new URL("./index_bg.wasm", import.meta.url)));
for (const name of await readdir(folder)) {
  if (!name.endsWith(".svg")) continue;
  const path = join(folder, name);
  const drawing = new Resvg(await readFile(path, "utf8"), { fitTo: { mode: "width", value: 144 } });
  await writeFile(path.replace(/svg$/, "png"), drawing.render().asPng());
  await rm(path);
}
