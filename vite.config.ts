/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// Phones of about 2018 onwards: their browsers have been updated at least to these.
const PHONES = ['es2020', 'chrome88', 'firefox85', 'safari14.1'];

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  build: {
    outDir: 'static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: PHONES,
    cssTarget: PHONES.slice(1),
    // The policy is script-src 'self' and style-src 'self': nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['static/src/main.ts', 'static/css/app.css'],
      output: {
        entryFileNames: '[name]-[hash].js',
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
