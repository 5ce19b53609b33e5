/** Sentences for the person at the editor: sent as notifications, because a request is an error to some editors. */
import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';

export interface Messages {
  inform(message: string): void;
  warn(message: string): void;
  complain(message: string): void;
}

export function messagesOf(connection: Connection): Messages {
  const show = (type: MessageType) => (message: string) => {
    void connection.sendNotification(ShowMessageNotification.type, { type, message: `Headwater: ${message}` });
  };
  return { inform: show(MessageType.Info), warn: show(MessageType.Warning), complain: show(MessageType.Error) };
}
