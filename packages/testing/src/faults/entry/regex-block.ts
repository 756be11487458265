// `/work` stays inside one regular expression for about `--ms` (default 5,000): backtracking, cubic in the input.
import { numberArgument, serve } from '../serve.ts';

const ASSIGNMENTS = /^.*=.*=.*=$/;

const isAssignmentChain = (line: string): boolean => ASSIGNMENTS.test(line);

/** An input that keeps the expression busy for `ms`; measured here, as machines differ. */
function lineFor(ms: number): string {
  const probe = 700;
  // The first run is interpreted; only later ones are compiled.
  isAssignmentChain(`${'='.repeat(probe)}x`);
  const startedAt = performance.now();
  isAssignmentChain(`${'='.repeat(probe)}x`);
  const probeMs = performance.now() - startedAt;
  return `${'='.repeat(Math.round(probe * Math.cbrt(ms / probeMs)))}x`;
}

const line = lineFor(numberArgument('ms', 5000));

function parseSettings(): boolean {
  return isAssignmentChain(line);
}

serve(parseSettings);
