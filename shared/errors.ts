// shared/errors.ts
// Purpose: the errors a person can do something about: wrong input, missing things, conflicts, wrong use.
// Why: everything else is a bug and answers 500; these answer 4xx, name the field, and print one line in a terminal.
// Relevant files: shared/http/problems.ts, manage.ts

/** Said in a terminal without a stack trace; exit code 1. */
export class UserError extends Error {
  /** A terminal, too, shows its message in the lines that it has: a mistake with a caret below it. */
  hasLines = false;

  inLines(): this {
    this.hasLines = true;
    return this;
  }
}

/** A command was called in a wrong way; exit code 2. */
export class UsageError extends UserError {}

export interface FieldError {
  /** Where in the request: `metrics[3].value`, `name`, `?limit`. */
  path: string;
  message: string;
}

/** An answer in RFC 9457's form. `status` is 4xx; 5xx where the disk is to blame. */
export class Problem extends UserError {
  readonly status: number;
  readonly errors: FieldError[];
  readonly extra: Record<string, unknown>;
  /** What a page offers to do about it: a form that posts. */
  action: { label: string; href: string } | undefined;

  constructor(status: number, detail: string, errors: FieldError[] = [], extra: Record<string, unknown> = {}) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.extra = extra;
  }
}

/** `path`: where in the request it was named, when that was not its address. */
export function notFound(what: string, path?: string): Problem {
  const detail = `${what} does not exist.`;
  return new Problem(404, detail, path === undefined ? [] : [{ path, message: detail }]);
}

export function badField(path: string, message: string): Problem {
  return new Problem(400, `${path}: ${message}`, [{ path, message }]);
}

export function conflict(path: string, message: string): Problem {
  return new Problem(409, message, [{ path, message }]);
}

/** Something in the trash was asked for. `restore`: the path that a form posts to. */
export function trashedProblem(status: number, detail: string, restore: string, path?: string): Problem {
  const problem = new Problem(status, detail, path === undefined ? [] : [{ path, message: detail }]);
  problem.action = { label: 'Restore', href: restore };
  return problem;
}
