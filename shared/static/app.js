// shared/static/app.js
// Purpose: what scripts add to every page: nothing that is needed, only what is nicer.
// Why: pages work without JavaScript.
// Relevant files: shared/templates/base.html
