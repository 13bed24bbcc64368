// shared/setup/start.js
// Purpose: `npm start`: sees that everything is installed, then runs the tracker in this process.
// Why: a fresh clone needs one command and nothing else; a second process would cost start-up time.
// Relevant files: shared/setup/ensure.js, shared/setup/test.js, manage.ts

// Only old syntax and no static import here, so that an old Node gets as far as saying what it lacks.
var parts = process.versions.node.split('.');
if (Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19)) {
  console.error('This needs Node 20.19 or newer; you have ' + process.versions.node + '.');
  process.exit(1);
} else {
  import('./run.js')
    .then(function (run) {
      return run.start(process.argv.slice(2));
    })
    .catch(function (error) {
      console.error(error && error.plain ? error.message : error);
      process.exit(1);
    });
}
