// A daemon that only listens, or says that another one does. It runs the compiled code, because it is a process of its own.
import { listen } from '../../build/daemon/transport/socket.js';

listen(process.argv[2], () => {}).then(
  () => process.send('listening'),
  (error) => process.send(error.name === 'AlreadyListeningError' ? 'taken' : String(error)),
);
