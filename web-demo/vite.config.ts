import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };

export default defineConfig(({ command }) => ({
  base: '/demo/',
  plugins: [react()],
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  resolve: {
    // Measures renders, which React's production build does not.
    alias: command === 'build' ? [{ find: /^react-dom\/client$/, replacement: 'react-dom/profiling' }] : [],
    // The collector is a link to a folder that has no React.
    dedupe: ['react'],
  },
  // The collector finds its wasm file beside itself; pre-bundling would move it away from there.
  optimizeDeps: { exclude: ['@rhumb/collector'] },
  // The header as the server of the demo sends it: scripts may be sampled.
  server: { proxy: { '/v1': 'http://127.0.0.1:8787' }, headers: { 'Document-Policy': 'js-profiling' } },
  build: {
    // A content security policy of `default-src 'self'` allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Long frames are reported by function name, so the names outlive minification.
    rolldownOptions: { output: { keepNames: true } },
  },
}));
