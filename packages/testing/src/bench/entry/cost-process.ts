// First file of the process that measures what a call of a case's faulty code takes.
import { measureCost } from '../cost.ts';

const [, , file = ''] = process.argv;
process.send?.(await measureCost(file), () => process.disconnect());
