import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the gateway; a build speaks to the address it was served from. */
const gateway = process.env.CLASSROOM_GATEWAY_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': gateway } },
  // The gateway puts a nonce of its own into each answer; see README.md.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    // Libraries change less often than pages, so browsers keep them longer.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Fetched by the one page that draws.
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 1 },
            { name: 'libraries', test: /node_modules/ },
          ],
        },
      },
    },
  },
});
