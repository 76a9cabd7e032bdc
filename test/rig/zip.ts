// Makes zip archives of files that are stored as they are, or compressed.

import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be put into an archive; a name with a slash at its end is a directory. */
export interface ZipInput {
  readonly name: string;
  readonly content: string | Buffer;
  /** Instead of the right one. */
  readonly checksum?: number;
}

/** Gives the bytes of an archive. */
export function zipOf(files: readonly ZipInput[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const content = Buffer.from(file.content as string);
    const packed = deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x08_00, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(file.checksum ?? crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\u0003\u0004', 'latin1'), facts, name, packed);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'), facts, place, name);
    offset += 30 + name.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}
