import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../docs/api/openapi.json',
  output: 'src/client',
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
