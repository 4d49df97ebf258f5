/** The part of the `asterisk-manager` package that is used: it logs in and tells events. */
declare module 'asterisk-manager' {
  export interface Listener {
    on(event: 'connect' | 'close', listen: () => void): void;
    on(event: 'response' | 'managerevent', listen: (event: Readonly<Record<string, unknown>>) => void): void;
    removeAllListeners(event?: string): void;
    disconnect(): void;
  }
  const Manager: new (port: number, host: string, user: string, password: string, events: boolean) => Listener;
  export default Manager;
}
