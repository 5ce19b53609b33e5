import { type Client, connect } from '../clients/node/client.ts';
import { reconnectTriesMax } from './limits.ts';

export function connectToDaemon(): Promise<Client> {
  return connect({ clientName: 'lsp', reconnectTries: reconnectTriesMax });
}
