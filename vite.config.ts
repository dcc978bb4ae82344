/// <reference types="vitest/config" />
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// Phones of about 2018 onwards: their browsers have been updated at least to these.
const PHONES = ['chrome91', 'firefox85', 'safari14.1'];

// Each text once more, compressed as well as it can be: it is made once and sent to everybody.
function compressed(): Plugin {
  return {
    name: 'compressed',
    writeBundle({ dir }) {
      for (const name of readdirSync(dir ?? '').filter((each) => /\.(js|css|svg)$/.test(each))) {
        const path = join(dir ?? '', name);
        const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), options));
      }
    },
  };
}

// tus-js-client as it was written, not as it is compiled for browsers of 2015, and without what only other programs need:
// streams and React Native, addresses of uploads in localStorage, and two libraries for what browsers do by themselves.
const TUS = fileURLToPath(new URL('node_modules/tus-js-client/lib/browser/', import.meta.url));
const LEAN: ReadonlyMap<string, string> = new Map([
  [
    'url-parse',
    'export default class extends URL { constructor(link, from) { super(link, new URL(from, location.href)); } }',
  ],
  [
    'js-base64',
    'export const Base64 = { encode: (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))) };',
  ],
  [
    './fileReader.js',
    `export default class {
      openFile = async (blob) => ({
        size: blob.size,
        close() {},
        slice: async (from, to) => ({ value: blob.slice(from, to), done: to >= blob.size }),
      });
    }`,
  ],
  ['./fileSignature.js', 'export default async () => null;'],
  ['./urlStorage.js', 'export const canStoreURLs = false; export class WebStorageUrlStorage {}'],
]);

function lean(): Plugin {
  return {
    name: 'lean',
    enforce: 'pre',
    resolveId: (name, from) => {
      if (name === 'tus-js-client') return `${TUS}index.js`;
      return from?.includes('tus-js-client') && LEAN.has(name) ? `\0${name}` : undefined;
    },
    load: (id) => (id.startsWith('\0') ? LEAN.get(id.slice(1)) : undefined),
  };
}

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  plugins: [lean(), compressed()],
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
        'static/css/app.css',
        'static/css/phone.css',
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
