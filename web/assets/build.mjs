// Bundles the viewer, writes names with hashes, a manifest and the licences. Run by `python -m web.assets`.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const out = process.argv[2];
const manifest = {};

function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${hash}${ext}`;
  writeFileSync(path.join(out, manifest[name]), content);
}

function licences() {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const parts = [];
  for (const [folder, said] of Object.entries(lock.packages)) {
    if (!folder || said.dev || said.optional || !existsSync(folder)) continue;
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(path.join(folder, file), "utf8").trim() : `(${said.license ?? "see package"})`;
    parts.push(`${folder.replace(/^.*node_modules\//, "")} ${said.version}\n\n${text}`);
  }
  return parts.join(`\n\n${"=".repeat(72)}\n\n`) + "\n";
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const bundled = await build({
  entryPoints: { viewer: "src/viewer.js", "viewer-style": "src/viewer.css" },
  bundle: true,
  write: false,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  loader: { ".eot": "empty", ".ttf": "empty", ".svg": "empty", ".woff": "empty", ".woff2": "empty" },
  outdir: out,
});
for (const file of bundled.outputFiles) keep(path.basename(file.path), file.contents);
writeFileSync(path.join(out, "LICENSES.txt"), licences());
writeFileSync(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
