// Bundles the entries of the npm package. `./glue.js` is what wasm-bindgen makes for the browser,
// `./module.js` a WebAssembly module that comes within the script.
import { fileURLToPath } from 'node:url';
import { eager } from './eager.js';

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const bundle = (entry, file, glue, { format = 'esm', plugins = [] } = {}) => ({
  input: path(`collector-wasm/npm/${entry}`),
  platform: 'browser',
  resolve: {
    alias: {
      './glue.js': path(`target/collector/${glue}`),
      './module.js': path('target/collector/web-vitals_module.js'),
      './start/page.js': path('collector-wasm/npm/start/page.js'),
      './start/read.js': path('collector-wasm/npm/start/read.js'),
      './start/renders.js': path('collector-wasm/npm/start/renders.js'),
    },
  },
  plugins,
  output: { file: path(`target/collector/pkg/${file}`), format, minify: true },
});

export default [
  bundle('index.js', 'index.js', 'rhumb.js', { plugins: [eager] }),
  bundle('script.js', 'rhumb.js', 'rhumb.js', { plugins: [eager] }),
  bundle('stub.js', 'stub.js'),
  bundle('web-vitals.js', 'web-vitals.js', 'web-vitals.js'),
  // For those who require web-vitals, as test runners do.
  bundle('web-vitals.js', 'web-vitals.cjs', 'web-vitals.js', { format: 'cjs' }),
];
