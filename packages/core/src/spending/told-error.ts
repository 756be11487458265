// A failure of a model as events and other errors tell it.
import type { WireError } from '../errors.ts';
import { asJson } from '../json.ts';
import { redact } from '../redact.ts';

/** A provider's words may carry what must not leave; our stack is of no use to anybody. */
export const toldError = ({ stack: _, cause: __, ...error }: WireError): WireError =>
  redact(asJson(error)) as unknown as WireError;
