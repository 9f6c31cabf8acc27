// Bundles the app with each bundler whose statistics are read, and keeps these beside what it makes:
// `node build.js FOLDER`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import esbuild from 'esbuild';
import { visualizer } from 'rollup-plugin-visualizer';
import { build as buildWithVite } from 'vite';
import webpack from 'webpack';

const [, , folder] = process.argv;
const root = import.meta.dirname;
const app = `${root}/app.js`;
const write = (path, json) => writeFileSync(`${folder}/${path}`, JSON.stringify(json));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await withEsbuild();
await withWebpack();
await withVite();

async function withEsbuild() {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { 'esbuild-app': app },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    metafile: true,
    outdir: `${folder}/esbuild`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
  });
  write('esbuild.json', metafile);
}

function withWebpack() {
  const options = {
    mode: 'production',
    context: root,
    entry: { 'webpack-app': './app.js' },
    output: { path: `${folder}/webpack`, filename: '[name]-[contenthash:8].js', clean: true },
  };
  return new Promise((done) => {
    webpack(options, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
      write('webpack.json', stats.toJson());
      done();
    });
  });
}

async function withVite() {
  await buildWithVite({
    root,
    base: '/bundle/vite/',
    logLevel: 'error',
    configFile: false,
    build: {
      outDir: `${folder}/vite`,
      emptyOutDir: true,
      manifest: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { 'vite-app': app } },
    },
    plugins: [visualizer({ template: 'raw-data', filename: `${folder}/visualizer.json` })],
  });
}
