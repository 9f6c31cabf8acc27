// Visits every variant in turn and prints a line of JSON for each visit:
// `node driver.js CHROMIUM FOLDER-OF-BUNDLES LOADS`. xtask/src/bench/collector.rs starts it.
import { serve } from './server.js';
import { variants } from './variants.js';
import { visit } from './visit.js';

/** Of the same visit; a busy machine may make Chromium miss a wait's end. */
const ATTEMPTS_MAX = 3;

const [chromium, folder, loads] = process.argv.slice(2);
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const server = await serve(variants, folder);
try {
  print({ variants });
  // The first round warms the machine's own caches and does not count.
  for (let round = 0; round <= loads; round++) {
    for (const { name } of variants) print({ round, name, ...(await visitSurely(name)) });
  }
} finally {
  server.close();
}

async function visitSurely(name) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await visit(chromium, server, name);
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
      console.error(`  ${name} once more: ${error.message}`);
    }
  }
}
