// Bundles both entries of the npm package. `./glue.js` is what wasm-bindgen makes for the browser.
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const bundle = (entry, file) => ({
  input: path(`collector-wasm/npm/${entry}`),
  platform: 'browser',
  resolve: {
    alias: {
      './glue.js': path('target/collector/rhumb.js'),
      './start/read.js': path('collector-wasm/npm/start/read.js'),
    },
  },
  output: { file: path(`target/collector/pkg/${file}`), format: 'esm', minify: true },
});

export default [bundle('index.js', 'index.js'), bundle('script.js', 'rhumb.js')];
