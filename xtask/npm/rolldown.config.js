// Bundles the entries of the npm package. `./glue.js` is what wasm-bindgen makes for the browser,
// `./module.js` a WebAssembly module that comes within the script.
import { fileURLToPath } from 'node:url';
import { eager } from './eager.js';

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** What is loaded later is a file of its own. */
const external = './rhumb_details.js';

const bundle = (entry, file, name, { format = 'esm', plugins = [] } = {}) => ({
  input: path(`collector-wasm/npm/${entry}`),
  platform: 'browser',
  external,
  resolve: {
    alias: {
      './glue.js': path(`target/collector/${name}.js`),
      './module.js': path(`target/collector/${name}_module.js`),
      './details/told.js': path('collector-wasm/npm/details/told.js'),
      './start/page.js': path('collector-wasm/npm/start/page.js'),
      './start/read.js': path('collector-wasm/npm/start/read.js'),
      './start/renders.js': path('collector-wasm/npm/start/renders.js'),
    },
  },
  plugins,
  output: { file: path(`target/collector/pkg/${file}`), format, minify: true },
});

export default [
  bundle('index.js', 'index.js', 'rhumb', { plugins: [eager] }),
  bundle('script.js', 'rhumb.js', 'rhumb', { plugins: [eager] }),
  bundle('details.js', 'rhumb_details.js', 'rhumb_details', { plugins: [eager] }),
  bundle('stub.js', 'stub.js'),
  bundle('web-vitals.js', 'web-vitals.js', 'web-vitals'),
  // For those who require web-vitals, as test runners do.
  bundle('web-vitals.js', 'web-vitals.cjs', 'web-vitals', { format: 'cjs' }),
];
