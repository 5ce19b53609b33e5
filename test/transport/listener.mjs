// Listens at a path until it is killed.
import { createServer } from 'node:net';

createServer().listen(process.argv[2], () => process.send('listening'));
