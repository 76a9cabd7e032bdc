import { compress as compressShared, init } from '@bokuweb/zstd-wasm';
import { expect, it } from 'vitest';

import { compress, decompress } from '../../../src/data/format/codecs.ts';

it('the package works for a method, too, in a thread in which columns have been compressed', async () => {
  const bytes = new Uint8Array(Buffer.from('acc '.repeat(1000)));
  const before = Buffer.from(compress('zstd', bytes));
  await init();
  const shared = compressShared(Buffer.from(bytes), 3);
  const [one, other] = [new Uint8Array(bytes.length), new Uint8Array(bytes.length)];
  decompress('zstd', before, one);
  decompress('zstd', shared, other);
  expect(one).toEqual(bytes);
  expect(other).toEqual(bytes);
}, 5000);
