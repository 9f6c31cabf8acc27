// Bundles every collector as a page's own bundler would: `node build.js FOLDER`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { boomerang } from './boomerang.js';
import { variants } from './variants.js';

const [out] = process.argv.slice(2);
const source = (name) => `${import.meta.dirname}/collectors/${name}.js`;

rmSync(out, { recursive: true, force: true });
for (const { name } of variants) {
  mkdirSync(`${out}/${name}`, { recursive: true });
  if (name === 'boomerang') bundleScript(name, boomerang());
  else if (name !== 'none') await bundleModule(name);
}

function bundleModule(name) {
  return build({
    input: { index: source(name) },
    platform: 'browser',
    // What rhumb's wasm file is found by.
    experimental: { resolveNewUrlToAsset: true },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    output: { dir: `${out}/${name}`, format: 'esm', minify: true },
  });
}

/** Files that only work one behind the other. */
function bundleScript(name, code) {
  const options = readFileSync(source(name), 'utf8');
  const script = minifySync(`${name}.js`, `${code}\n${options}`, { module: false });
  if (script.errors.length > 0) throw script.errors[0];
  writeFileSync(`${out}/${name}/index.js`, script.code);
}
