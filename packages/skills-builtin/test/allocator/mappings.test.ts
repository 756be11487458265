import { expect, test } from 'vitest';
import { createMappingsParser, mappingFigures } from '../../src/allocator/mappings.ts';
import { parseStatus } from '../../src/allocator/resident.ts';

const mapping = (header: string, rssKb: number): string =>
  `${header}\nSize:  1 kB\nRss:   ${rssKb} kB\nPss:  1 kB\nSwap:   0 kB\nVmFlags: rd wr`;
const SMAPS = [
  mapping('00400000-05000000 r-xp 00000000 fe:00 260386                     /usr/bin/node', 40_960),
  mapping('06000000-08000000 rw-p 00000000 00:00 0                          [heap]', 20_480),
  mapping('7f0000000000-7f0000400000 rw-p 00000000 00:00 0 ', 4_096),
  mapping('7f0000400000-7f0004000000 ---p 00000000 00:00 0 ', 0),
  mapping('7f0010000000-7f0010001000 ---p 00000000 00:00 0 ', 0),
  mapping('7f0010001000-7f0010801000 rw-p 00000000 00:00 0 ', 64),
  mapping('7f0020000000-7f0020040000 rwxp 00000000 00:00 0 ', 256),
  mapping('7f0030001000-7f0034001000 rw-p 00000000 00:00 0 ', 65_536),
  mapping(
    '7f0040000000-7f0040100000 rw-s 00000000 00:01 7                  /dev/shm/frames (deleted)',
    1_024,
  ),
  mapping('7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  [stack]', 128),
].join('\n');

const parse = (text: string, limit = 1_000) => {
  const parser = createMappingsParser(limit);
  const isComplete = text.split('\n').every((line) => parser.add(line));
  return { isComplete, figures: mappingFigures(parser.mappings) };
};

test('each mapping is of the kind that its name or its shape tells', () => {
  const { isComplete, figures } = parse(SMAPS);
  expect(isComplete).toBe(true);
  expect(Object.fromEntries(Object.entries(figures.kinds).map(([kind, { rssMb }]) => [kind, rssMb]))).toEqual(
    {
      files: 40,
      mallocHeap: 20,
      mallocArenas: 4,
      reserved: 0,
      threadStacks: 0.2,
      code: 0.3,
      anonymous: 64,
      shared: 1,
    },
  );
  expect(figures.kinds.threadStacks?.count).toBe(2);
  expect(figures.largest[0]).toEqual({ kind: 'anonymous', path: '', reservedMb: 64, rssMb: 64 });
});

test('the list is cut at its limit, and says so', () => {
  expect(parse(SMAPS, 3)).toMatchObject({ isComplete: false, figures: { mappings: 3 } });
});

test('what is resident is read by kind, where the kernel tells it', () => {
  expect(parseStatus('RssAnon:\t  2048 kB\nRssFile:\t 1024 kB\nRssShmem:\t 0 kB\nThreads:\t11\n')).toEqual({
    anonymousMb: 2,
    fileMb: 1,
    sharedMb: 0,
    threads: 11,
  });
  expect(parseStatus('VmRSS:\t 10 kB\n')).toBeUndefined();
});
