import type { PictureFormat } from '../worker/picture.ts';
import type { Origin } from './origin.ts';

/** Bytes of the PNG signature and of its first chunk, IHDR: texts may stand after them. */
const HEAD = 8 + 25;

/** A picture that says where its figures are from: texts of a PNG, the description of an SVG. */
export async function withOrigin(picture: Blob, format: PictureFormat, origin: Origin): Promise<Blob> {
  if (format === 'png') return withTexts(picture, origin);
  const lines = Object.entries(origin).map(([key, value]) => `${key}: ${value}`);
  const plain = lines.join('\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const text = await picture.text();
  return new Blob([text.replace(/<\/svg>\s*$/, `<desc>${plain}</desc></svg>`)], { type: picture.type });
}

/** A PNG file with texts (tEXt chunks: W3C PNG, 11.3.3). Keys and values are of Latin-1. */
async function withTexts(png: Blob, texts: Origin): Promise<Blob> {
  const bytes = new Uint8Array(await png.arrayBuffer());
  const chunks = Object.entries(texts).map(([key, value]) => textChunk(key, value));
  return new Blob([bytes.subarray(0, HEAD), ...chunks, bytes.subarray(HEAD)], { type: 'image/png' });
}

function textChunk(key: string, value: string): Uint8Array<ArrayBuffer> {
  const content = Uint8Array.from(`tEXt${key}\0${value}`, (c) => c.charCodeAt(0));
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(content.length + 4, crc32(content));
  return chunk;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
