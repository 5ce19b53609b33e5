import { type Client, connect } from '../clients/node/client.ts';
import { reconnectLooksMax } from './limits.ts';

export function connectToDaemon(): Promise<Client> {
  return connect({ clientName: 'lsp', reconnectTries: reconnectLooksMax });
}
