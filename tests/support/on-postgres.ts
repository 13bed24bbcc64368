// tests/support/on-postgres.ts
// Purpose: binds the models to PostgreSQL in the processes of the project "postgres", before a test file is read.
// Why: the engine is fixed for the life of a process (shared/db/columns.ts).
// Relevant files: vitest.config.ts, tests/support/postgres-server.ts, tests/support/database.ts

import { inject } from 'vitest';

// Nobody works in this database: each tracker has its own, see database.ts.
process.env['DATABASE_URL'] = inject('postgres');
