// The fake daemon as a process of its own, from the compiled code. It leaves when another one listens, as the real one does.
import { startFakeDaemon } from '../../../build/test/clients/node/fake-daemon.js';

if (process.env.FAKE_FAILS) {
  console.error('the disk is made of cheese');
  process.exit(3);
}
startFakeDaemon(process.env).catch((error) => {
  if (error.name === 'AlreadyListeningError') process.exit(0);
  console.error(error);
  process.exit(1);
});
