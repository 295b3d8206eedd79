import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { helpTexts } from './help-texts.ts';

/** Where `npm run dev` finds the gateway; a build speaks to the address it was served from. */
const gateway = process.env.CLASSROOM_GATEWAY_URL ?? 'http://localhost:8000';

/** What turns Markdown into a page. Without react-markdown itself, which would bring React along. */
const MARKDOWN = new RegExp(
  `node_modules[\\\\/](${[
    'unified|vfile|remark-|micromark|mdast-|hast-|unist-|estree-util|property-information',
    'html-url-attributes|style-to-|inline-style-parser|decode-named-character-reference|character-',
    'comma-separated|space-separated|trough|bail|devlop|extend|is-plain-obj|trim-lines|zwitch|ccount',
    'longest-streak|parse-entities|@ungap',
  ].join('|')})`,
);

/** Beside each script and style sheet the same compressed, which the gateway sends. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const file = join(dir, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), helpTexts(), compressed()],
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
            // Fetched with help, or with the first search.
            { name: 'markdown', test: MARKDOWN, priority: 1 },
            { name: 'libraries', test: /node_modules[\\/](?!minisearch|react-markdown)/ },
          ],
        },
      },
    },
  },
});
