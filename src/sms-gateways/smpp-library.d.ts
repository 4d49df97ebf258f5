/** The part of the `smpp` package that is used: its codec of PDUs and its tables. Its sessions are not: see smpp-session.ts. */
declare module 'smpp' {
  class PDU {
    /** Octets of the longest PDU the codec reads or writes. */
    static maxLength: number;
    /** From octets, or by the command's name (`deliver_sm_resp`) and its fields. */
    constructor(from: Buffer | string, fields?: Readonly<Record<string, unknown>>);
    readonly command: string;
    readonly command_id: number;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    fromBuffer(octets: Buffer): void;
    /** Rewrites fields by their meaning: texts by their coding, times as dates. */
    _filter(direction: 'encode' | 'decode'): void;
    isResponse(): boolean;
    toBuffer(): Buffer;
  }
  /** Status words of SMPP to their numbers, e.g. `ESME_RTHROTTLED` to 0x58. */
  const errors: Readonly<Record<string, number>>;
  const library: { readonly PDU: typeof PDU; readonly errors: typeof errors };
  export default library;
}
