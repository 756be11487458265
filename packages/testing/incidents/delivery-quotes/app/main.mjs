import './compiled/server.js';
