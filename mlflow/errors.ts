// mlflow/errors.ts
// Purpose: MLflow's error codes with their statuses, and the error that carries one.
// Why: its clients and tools match on code and status; a 5xx makes a client try again for minutes.
// Relevant files: mlflow/problems.ts, mlflow/serve.ts, shared/errors.ts

import { UserError } from '../shared/errors.ts';

/** The codes we answer with. */
export const STATUS_OF = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;
export type ErrorCode = keyof typeof STATUS_OF;

export class MlflowError extends UserError {
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, message: string, status: number = STATUS_OF[code]) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}

/** `what`: `Run with id=…`. */
export function missing(what: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `${what} does not exist.`);
}

export function taken(message: string): MlflowError {
  return new MlflowError('RESOURCE_ALREADY_EXISTS', message);
}
