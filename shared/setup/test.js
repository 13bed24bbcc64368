// shared/setup/test.js
// Purpose: `npm test`: sees that everything is installed, a browser too, then runs all tests.
// Why: a fresh clone needs one command and nothing else; nothing is skipped for want of a browser.
// Relevant files: shared/setup/ensure.js, shared/setup/run-tests.js, shared/setup/start.js, vitest.config.ts

// Only old syntax and no static import here, so that an old Node gets as far as saying what it lacks.
var parts = process.versions.node.split('.');
if (Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19)) {
  console.error('This needs Node 20.19 or newer; you have ' + process.versions.node + '.');
  process.exit(1);
} else {
  import('./run-tests.js')
    .then(function (tests) {
      return tests.test(process.argv.slice(2));
    })
    .catch(function (error) {
      console.error(error && error.plain ? error.message : error);
      process.exit(1);
    });
}
