/// <reference types="vitest/config" />
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// Phones of about 2018 onwards: their browsers have been updated at least to these.
const PHONES = ['chrome91', 'firefox85', 'safari14.1'];

// Each text once more, compressed as well as it can be: it is made once and sent to everybody.
function compressed(): Plugin {
  return {
    name: 'compressed',
    writeBundle({ dir }) {
      for (const name of readdirSync(dir ?? '').filter((each) => /\.(js|css|svg|wasm)$/.test(each))) {
        const path = join(dir ?? '', name);
        const isRuntime = name.endsWith('.wasm');
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: isRuntime ? 9 : constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        };
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }));
        // 14 MB that few fetch, and nobody whose browser does not take it compressed.
        if (isRuntime) rmSync(path);
      }
    },
  };
}

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  plugins: [compressed()],
  build: {
    outDir: 'static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: PHONES,
    cssTarget: PHONES,
    // The policy is script-src 'self' and style-src 'self': nothing may become a data: address.
    assetsInlineLimit: 0,
    // The app's page names itself what it needs at once; the rest is asked for when it is needed.
    modulePreload: false,
    rolldownOptions: {
      input: [
        'static/src/main.ts',
        'static/src/desk.ts',
        'static/src/sw.ts',
        'static/src/photo/shrinker.ts',
        'static/src/paint/burner.ts',
        'static/src/paint/finder.ts',
        'static/css/app.css',
        'static/css/phone.css',
        'static/css/paint.css',
        'static/css/release.css',
      ],
      output: {
        // What the app shares with pages that need a signal is one file, and no more files than without them.
        advancedChunks: {
          groups: [{ name: 'page', test: /idb|outbox.(disk|item|steps|store)|phone.(api|page)\./ }],
        },
        // A service worker keeps its address.
        entryFileNames: (chunk) => (chunk.name === 'sw' ? '[name].js' : '[name]-[hash].js'),
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/front/**/*.test.ts'],
    restoreMocks: true,
  },
});
