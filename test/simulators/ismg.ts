/**
 * A short message gateway (ISMG) of CMPP 2.0 or 3.0 to test against, made from the specification's tables in the file beside this one
 * and from nothing of ours. It checks what it is sent as strictly as the tables allow, hands texts in, and makes trouble on request.
 */
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { COMMAND_IDS, HEADER, message, read, TABLES, written, type Command, type Values, type Version } from './ismg-tables.ts';

export interface IsmgSettings {
  /** The highest it speaks. */
  readonly version: Version;
  readonly sourceAddress: string;
  readonly secret: string;
  /** T of the specification: a text without an answer is handed in again after this; 60,000. */
  readonly repeatAfterMs?: number;
}

/** A text, or the report about one, on its way to the other side. */
export interface Delivery {
  /** 8 octets. */
  readonly id: Buffer;
  readonly from: string;
  readonly to: string;
  readonly format: number;
  readonly content: Uint8Array;
  readonly hasHeader?: boolean;
  readonly isReport?: boolean;
}

export interface Submitted {
  readonly id: Buffer;
  readonly values: Record<string, number | string | Buffer>;
}

/** A result of CMPP_DELIVER_RESP; `gone`: the connection ended first; `none`: nothing within the time. */
export type Heard = number | 'gone' | 'none';

interface Line {
  readonly socket: Socket;
  rest: Buffer;
  /** Once it has logged in. */
  version: Version | null;
  readonly waiting: Map<number, (heard: Heard) => void>;
}

const isIn = ({ version, socket }: Line): boolean => version !== null && !socket.destroyed;
const WINDOW = 16;
const CODES: Readonly<Record<number, Command>> = Object.fromEntries(
  Object.entries(COMMAND_IDS).map(([command, id]) => [id, command as Command]),
);
const VERSION_OCTETS: Readonly<Record<Version, number>> = { '2.0': 0x20, '3.0': 0x30 };
const md5 = (...pieces: readonly (string | Uint8Array)[]): Buffer =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('md5')).digest();

export class Ismg {
  /** What every right submit is answered with: a result of CMPP_SUBMIT_RESP; 'silent': nothing. */
  submitResult: number | 'silent' = 0;
  /** Whether it shows that it knows the secret. */
  authenticator: 'right' | 'wrong' = 'right';
  /** Whether the login is answered. */
  answersLogin = true;
  answersActiveTests = true;
  /** Whether a report follows every accepted text. */
  reports = false;
  secret: string;
  readonly submitted: Submitted[] = [];
  /** Every message that came, by its name, in its order. */
  readonly heard: string[] = [];
  /** What was wrong with what came. */
  readonly complaints: string[] = [];
  readonly #settings: IsmgSettings;
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  readonly #delivered: Delivery[] = [];
  #waitingForLine: ((line: Line) => void)[] = [];
  #free = WINDOW;
  readonly #waitingForRoom: (() => void)[] = [];
  #sequence = 1000;
  #names = 0;
  #isCut = false;
  #isFrozen = false;
  #isClosed = false;

  static async open(settings: IsmgSettings): Promise<Ismg> {
    const ismg = new Ismg(settings);
    await new Promise<void>((resolve) => ismg.#server.listen(0, '127.0.0.1', resolve));
    return ismg;
  }

  private constructor(settings: IsmgSettings) {
    this.#settings = settings;
    this.secret = settings.secret;
    this.#server = createServer({ noDelay: true }, (socket) => this.#connected(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  /** Connections that are logged in. */
  get lines(): number {
    return [...this.#lines].filter(isIn).length;
  }

  /** A name as the specification makes it: month, day, hour, minute, second in China, the gateway's code, a count. */
  nextId(at: number = Date.now()): Buffer {
    const china = new Date(at + 8 * 3600_000);
    const time = [china.getUTCMonth() + 1, china.getUTCDate(), china.getUTCHours(), china.getUTCMinutes(), china.getUTCSeconds()];
    const bits = [4, 5, 5, 6, 6];
    const stamp = time.reduce((whole, value, n) => (whole << BigInt(bits[n] ?? 0)) | BigInt(value), 0n);
    this.#names += 1;
    const id = Buffer.alloc(8);
    id.writeBigUInt64BE((stamp << 38n) | (110_451n << 16n) | BigInt(this.#names % 65_536));
    return id;
  }

  /** Hands in once, over the newest connection; waits for one at most as long as for the answer. */
  async deliver(delivery: Delivery, ms = 2000): Promise<Heard> {
    const timeout = Promise.withResolvers<null>();
    const timer = setTimeout(() => timeout.resolve(null), ms);
    try {
      const line = await Promise.race([this.#line(), timeout.promise]);
      if (line === null) return 'none';
      const sequence = ++this.#sequence;
      const heard = new Promise<Heard>((resolve) => line.waiting.set(sequence, resolve));
      this.#delivered.push(delivery);
      this.#say(line, 'CMPP_DELIVER', sequence, {
        Msg_Id: delivery.id,
        Dest_Id: delivery.to,
        TP_udhi: delivery.hasHeader === true ? 1 : 0,
        Msg_Fmt: delivery.format,
        Src_terminal_Id: delivery.from,
        Registered_Delivery: delivery.isReport === true ? 1 : 0,
        Msg_Length: delivery.content.length,
        Msg_Content: delivery.content,
      });
      return (await Promise.race([heard, timeout.promise])) ?? 'none';
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * As a gateway that stores and forwards, 16 at a time: again after T without an answer or over the next connection. A result other
   * than 0 is an answer too, and ends it.
   */
  async carry(delivery: Delivery): Promise<Heard> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    else this.#free -= 1;
    let heard: Heard = 'none';
    while (!this.#isClosed && typeof heard !== 'number') heard = await this.deliver(delivery, this.#settings.repeatAfterMs ?? 60_000);
    const next = this.#waitingForRoom.shift();
    if (next === undefined) this.#free += 1;
    else next();
    return heard;
  }

  /** Everything handed in so far once more, under its old names. */
  async repeatEverything(): Promise<readonly Heard[]> {
    return Promise.all(this.#delivered.splice(0).map((delivery) => this.deliver(delivery)));
  }

  /** What became of a text that was submitted. */
  report(id: Buffer, stat: string, to = ''): Delivery {
    const values = { Msg_Id: id, Stat: stat, Submit_time: '2603010800', Done_time: '2603010801', Dest_terminal_Id: to, SMSC_sequence: 7 };
    const content = written(TABLES[this.#settings.version].REPORT, values);
    return { id: this.nextId(), from: to, to: '', format: 0, content, isReport: true };
  }

  /** Any octets, over every connection. */
  raw(octets: Uint8Array): void {
    for (const { socket } of this.#lines) socket.write(octets);
  }
  /** A message over the newest connection, which nobody waits for. */
  async say(command: Command, values: Values = {}): Promise<void> {
    this.#say(await this.#line(), command, ++this.#sequence, values);
  }

  /** Connections break, and new ones too, until `mend`. */
  cut(): void {
    this.#isCut = true;
    this.drop();
  }
  /** Connections break. */
  drop(): void {
    for (const { socket } of this.#lines) socket.destroy();
  }
  /** Nothing is read any more, until `mend`. */
  freeze(): void {
    this.#isFrozen = true;
    for (const { socket } of this.#lines) socket.pause();
  }
  mend(): void {
    this.#isCut = false;
    this.#isFrozen = false;
    for (const { socket } of this.#lines) socket.resume();
  }
  async close(): Promise<void> {
    this.#isClosed = true;
    this.drop();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #line(): Promise<Line> {
    const line = [...this.#lines].findLast(isIn);
    return line === undefined ? new Promise((resolve) => this.#waitingForLine.push(resolve)) : Promise.resolve(line);
  }
  #say(line: Line, command: Command, sequence: number, values: Values): void {
    if (!line.socket.destroyed) line.socket.write(message(line.version ?? this.#settings.version, command, sequence, values));
  }

  #connected(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#isCut || this.#isClosed) return void socket.destroy();
    const line: Line = { socket, rest: Buffer.alloc(0), version: null, waiting: new Map() };
    this.#lines.add(line);
    socket.on('data', (chunk: Buffer) => this.#octets(line, chunk));
    socket.on('close', () => {
      this.#lines.delete(line);
      for (const settle of line.waiting.values()) settle('gone');
    });
    if (this.#isFrozen) socket.pause();
  }

  #octets(line: Line, chunk: Buffer): void {
    line.rest = Buffer.concat([line.rest, chunk]);
    while (line.rest.length >= 12) {
      const {
        Total_Length: length,
        Command_Id: id,
        Sequence_Id: sequence,
      } = read(HEADER, line.rest.subarray(0, 12)) as Record<string, number>;
      if (length === undefined || id === undefined || sequence === undefined || line.rest.length < length) return;
      const body = line.rest.subarray(12, length);
      line.rest = line.rest.subarray(length);
      const command = CODES[id];
      if (command === undefined) this.complaints.push(`no command has the number ${id}`);
      else this.#hear(line, command, sequence, body);
    }
  }

  #hear(line: Line, command: Command, sequence: number, body: Buffer): void {
    this.heard.push(command);
    const values = read(TABLES[line.version ?? this.#settings.version][command], body);
    if (values === null) return void this.complaints.push(`${command} of ${body.length} octets`);
    if (command === 'CMPP_CONNECT') return this.#login(line, sequence, values);
    if (command === 'CMPP_SUBMIT') return this.#submit(line, sequence, values);
    if (command === 'CMPP_ACTIVE_TEST' && this.answersActiveTests) this.#say(line, 'CMPP_ACTIVE_TEST_RESP', sequence, {});
    if (command === 'CMPP_DELIVER_RESP') {
      line.waiting.get(sequence)?.(Number(values['Result']));
      line.waiting.delete(sequence);
    }
    if (command === 'CMPP_TERMINATE') {
      this.#say(line, 'CMPP_TERMINATE_RESP', sequence, {});
      line.socket.end();
    }
  }

  #login(line: Line, sequence: number, values: Record<string, number | string | Buffer>): void {
    if (!this.answersLogin) return;
    const { sourceAddress, version: highest } = this.#settings;
    const time = String(values['Timestamp']).padStart(10, '0');
    const theirs = values['AuthenticatorSource'] as Buffer;
    const isKnown = theirs.equals(md5(sourceAddress, Buffer.alloc(9), this.secret, time));
    const asked = Number(values['Version']);
    const status = values['Source_Addr'] !== sourceAddress ? 2 : !isKnown ? 3 : asked > VERSION_OCTETS[highest] ? 4 : 0;
    const version = asked === VERSION_OCTETS['2.0'] ? '2.0' : highest;
    const statusOctets = Buffer.alloc(version === '2.0' ? 1 : 4);
    statusOctets.writeUIntBE(status, 0, statusOctets.length);
    const ours = md5(statusOctets, theirs, this.authenticator === 'right' ? this.secret : `not ${this.secret}`);
    const answer = { Status: status, AuthenticatorISMG: status === 3 ? Buffer.alloc(16) : ours, Version: VERSION_OCTETS[highest] };
    line.socket.write(message(version, 'CMPP_CONNECT_RESP', sequence, answer));
    if (status !== 0) return void line.socket.end();
    line.version = version;
    for (const go of this.#waitingForLine.splice(0)) go(line);
  }

  #submit(line: Line, sequence: number, values: Record<string, number | string | Buffer>): void {
    if (line.version === null || this.submitResult === 'silent') return;
    const result = this.#fault(values) ?? this.submitResult;
    const id = this.nextId();
    if (result === 0) this.submitted.push({ id, values });
    else this.complaints.push(`CMPP_SUBMIT answered with ${result}`);
    this.#say(line, 'CMPP_SUBMIT_RESP', sequence, { Msg_Id: id, Result: result });
    if (result === 0 && this.reports) void this.carry(this.report(id, 'DELIVRD', String(values['Dest_terminal_Id'])));
  }

  /** The result a submit deserves by what stands in it; `null`: nothing is wrong. */
  #fault(values: Record<string, number | string | Buffer>): number | null {
    const { Pk_total: total = 0, Pk_number: number = 0, Msg_Fmt: format = 0, Msg_Length: length = 0 } = values as Record<string, number>;
    if (number < 1 || number > total || values['Registered_Delivery'] !== 1 || values['DestUsr_tl'] !== 1) return 1;
    if (length > 140 || (format === 8 && length % 2 !== 0)) return 4;
    if (![0, 8, 15].includes(format)) return 1;
    if (values['Service_Id'] === '') return 7;
    if (!/^\d{5,21}$/.test(String(values['Src_Id']))) return 10;
    if (values['Msg_src'] !== this.#settings.sourceAddress) return 11;
    if (!/^(86)?1\d{10}$/.test(String(values['Dest_terminal_Id']))) return 13;
    return null;
  }
}
