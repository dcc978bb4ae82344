import { unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { Unzip, Zip } from '../../../static/src/outbox/zip';

const words = new TextEncoder().encode('žluťoučký kůň '.repeat(50));

test('another program opens what was written', async () => {
  const zip = new Zip();
  zip.add('a/ž.txt', words);
  zip.add('empty', new Uint8Array(0));
  const found = unzipSync(new Uint8Array(await zip.end().arrayBuffer()));
  expect(found['a/ž.txt']).toEqual(words);
  expect(found.empty).toEqual(new Uint8Array(0));
});

test('what another program has compressed is read', async () => {
  const file = zipSync({ 'a/ž.txt': words, plain: [words, { level: 0 }] });
  const zip = await Unzip.open(new Blob([file as Uint8Array<ArrayBuffer>]));
  expect(new Uint8Array((await zip.read('a/ž.txt')) as ArrayBuffer)).toEqual(words);
  expect(new Uint8Array((await zip.read('plain')) as ArrayBuffer)).toEqual(words);
  expect(await zip.read('none')).toBeUndefined();
});

test('a damaged file is not there, and what is no ZIP is refused', async () => {
  const zip = new Zip();
  zip.add('a', words);
  const bytes = new Uint8Array(await zip.end().arrayBuffer());
  bytes[60] = (bytes[60] as number) ^ 1;
  expect(await (await Unzip.open(new Blob([bytes]))).read('a')).toBeUndefined();
  await expect(Unzip.open(new Blob(['no']))).rejects.toThrow('not a ZIP');
});
