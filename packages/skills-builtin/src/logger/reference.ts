// The skill `logger` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    lines1m: 'lines written within the last minute, also those that were not read',
    errors1m: 'lines of the levels error and fatal that were read within the last minute',
    warnings1m: 'lines of the level warn that were read within the last minute',
    errorPercent1m: 'errors, of all lines that were read within the last minute',
    errorsPerMinuteBefore:
      'errors per minute in the minutes before the last one; absent in the first 2 minutes',
    minutesBefore: 'how many minutes that is the mean of, at most 14; 0 when it is absent',
    newErrorPatternLines5m:
      'lines of the most frequent error pattern that began within 5 minutes and was not there before; 0 when there is none, and once patterns had to make room for others',
    newErrorPatternShare5m: 'their share of the errors of 5 minutes, 0 to 1',
    patterns: 'patterns of lines that are known, at most 400',
    linesPerSecond10s: 'lines per second over 10 s',
    kbPerSecond10s: 'written per second over 10 s',
    writingShare10sPercent:
      "share of main's time within the last 10 s, without its waits for a core, spent on writing lines, and where console and pino make them, on formatting",
    mainWaited10sPercent:
      'share of the last 10 s in which main waited for a core; 0 where the kernel does not tell',
    unreadLines1m: 'lines within the last minute that were counted, but too many to be read',
    linesTotal: 'lines since recording began',
    errorLinesTotal:
      "of those, errors, as the console's method, pino's level or the beginning of the line tells",
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    logger_cost:
      'about 2 ms of main (it reads the kept CPU profile), and the stacks of at most 20 lines a second that the probe takes, some 30 µs each',
  },
  thresholds: [
    {
      what: 'error burst',
      value: '10 errors in a minute, 3 times the usual rate, and 3 standard deviations of a count above it',
      source:
        "Shewhart's rule (of a count the deviation is its mean's root); fewer than 10 are single failures, 3 times is our choice",
    },
    {
      what: 'error burst in the first 2 minutes',
      value: '10 errors in a minute, and one line in twenty',
      source: 'our choice, while nothing is known of what is usual',
    },
    {
      what: 'error burst, critical',
      value: '60 errors in a minute, and half of the lines',
      source: 'our choice: one a second, and the app does little else than fail',
    },
    {
      what: 'new error',
      value:
        'first seen within 5 minutes, 5 lines in a run of 3 s and more, and half of the errors of that time',
      source: 'our choice: that is no single failure, and the most of what goes wrong now',
    },
    {
      what: 'quiet before a new error',
      value: '10 times its mean gap, in time and in lines of others',
      source: 'an error that has always come at random stays away that long once in 22,000 times (e^-10)',
    },
    {
      what: 'costly lines',
      value:
        "writing takes 10 % of main's time over 10 s, at fewer than 100 lines a second; named is who has half of the time in writes of 1 ms and more",
      source: 'as a flood; an ordinary line takes a hundredth of 1 ms',
    },
    {
      what: 'flood',
      value:
        "making and writing lines takes 10 % of main's time over 10 s (by the writes, or by the CPU profile of the app's own logging function where the writes take 3 %), at 100 lines a second and more; critical from 40 %",
      source:
        'as clinic doctor judges collections; below 100 lines it is not their number that costs; critical is our choice',
    },
    {
      what: 'lines that are read',
      value: '500 a second, and 300 more for errors, warnings and what is written to stderr',
      source: 'our choice: enough for every pattern, and about a hundredth of a core on the recorder thread',
    },
    {
      what: 'lines that are kept',
      value: 'the newest 2,000, and the newest 500 warnings and errors',
      source: 'our choice: bounded memory; a flood must not push the errors out',
    },
  ],
};
