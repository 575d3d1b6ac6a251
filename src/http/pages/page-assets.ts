import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that pages refer to. */
export interface PageAsset {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
  /** Names the content: a browser that has seen it under this version need not ask again. */
  readonly version: string;
}

/** All that pages refer to. */
export interface PageAssets {
  readonly stylesheet: PageAsset;
  readonly script: PageAsset;
  readonly logo: PageAsset;
}

const FOLDER = join(import.meta.dirname, 'assets');

/** Read the files. @throws {Error} where one is missing */
export function readPageAssets(): PageAssets {
  return {
    stylesheet: readAsset('latchkey.css', 'text/css; charset=utf-8'),
    script: readAsset('account.js', 'text/javascript; charset=utf-8'),
    logo: readAsset('logo.svg', 'image/svg+xml'),
  };
}

/** Where a page finds the asset. */
export function assetUrl({ path, version }: PageAsset): string {
  return `${path}?v=${version}`;
}

function readAsset(name: string, type: string): PageAsset {
  const content = readFileSync(join(FOLDER, name));
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 16);
  return { path: `/assets/${name}`, type, content, version };
}
