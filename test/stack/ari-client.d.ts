/** The part of the `ari-client` package that the witness uses. */
declare module 'ari-client' {
  export interface Channel {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly caller: { readonly number: string; readonly name: string };
  }
  export interface Bridge {
    readonly id: string;
    readonly bridge_type: string;
    readonly channels: readonly string[];
  }
  export interface Playback {
    readonly id: string;
    readonly media_uri: string;
    readonly target_uri: string;
    readonly state: string;
  }
  export interface Client {
    readonly channels: { list(): Promise<Channel[]>; hangup(asked: { channelId: string }): Promise<unknown> };
    readonly bridges: { list(): Promise<Bridge[]> };
    readonly applications: { subscribe(asked: { applicationName: string; eventSource: string }): Promise<unknown> };
    start(applications: readonly string[]): Promise<unknown>;
    stop(): void;
    on(type: 'PlaybackStarted' | 'PlaybackContinuing' | 'PlaybackFinished', hear: (event: { playback: Playback }) => void): void;
    on(type: 'WebSocketMaxRetries' | 'WebSocketReconnecting', hear: (error: unknown) => void): void;
  }
  const ari: { connect(url: string, user: string, password: string): Promise<Client> };
  export default ari;
}
