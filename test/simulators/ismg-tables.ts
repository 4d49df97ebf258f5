/**
 * The messages of CMPP 2.0 and 3.0 as the specification's tables have them: a field a row, its name and its octets. And the one way to
 * read and write such a table. Written from the tables themselves and knows nothing of the codec under test.
 */

/** `N` a number, `S` letters filled up with zeros, `B` octets. A width in words is the value of that field, times the number before it. */
type Row = readonly [name: string, width: number | readonly [times: number, field: string], kind: 'N' | 'S' | 'B'];
export type Values = Readonly<Record<string, number | string | Uint8Array>>;
export type Version = '2.0' | '3.0';

export const HEADER: readonly Row[] = [
  ['Total_Length', 4, 'N'],
  ['Command_Id', 4, 'N'],
  ['Sequence_Id', 4, 'N'],
];

export const COMMAND_IDS = {
  CMPP_CONNECT: 0x00000001,
  CMPP_CONNECT_RESP: 0x80000001,
  CMPP_TERMINATE: 0x00000002,
  CMPP_TERMINATE_RESP: 0x80000002,
  CMPP_SUBMIT: 0x00000004,
  CMPP_SUBMIT_RESP: 0x80000004,
  CMPP_DELIVER: 0x00000005,
  CMPP_DELIVER_RESP: 0x80000005,
  CMPP_QUERY: 0x00000006,
  CMPP_CANCEL: 0x00000007,
  CMPP_CANCEL_RESP: 0x80000007,
  CMPP_ACTIVE_TEST: 0x00000008,
  CMPP_ACTIVE_TEST_RESP: 0x80000008,
} as const;
export type Command = keyof typeof COMMAND_IDS;

const CONNECT: readonly Row[] = [
  ['Source_Addr', 6, 'S'],
  ['AuthenticatorSource', 16, 'B'],
  ['Version', 1, 'N'],
  ['Timestamp', 4, 'N'],
];
const QUERY: readonly Row[] = [
  ['Time', 8, 'S'],
  ['Query_Type', 1, 'N'],
  ['Query_Code', 10, 'S'],
  ['Reserve', 8, 'S'],
];

const TABLES_2: Readonly<Record<Command | 'REPORT', readonly Row[]>> = {
  CMPP_CONNECT: CONNECT,
  CMPP_CONNECT_RESP: [
    ['Status', 1, 'N'],
    ['AuthenticatorISMG', 16, 'B'],
    ['Version', 1, 'N'],
  ],
  CMPP_TERMINATE: [],
  CMPP_TERMINATE_RESP: [],
  CMPP_SUBMIT: [
    ['Msg_Id', 8, 'B'],
    ['Pk_total', 1, 'N'],
    ['Pk_number', 1, 'N'],
    ['Registered_Delivery', 1, 'N'],
    ['Msg_level', 1, 'N'],
    ['Service_Id', 10, 'S'],
    ['Fee_UserType', 1, 'N'],
    ['Fee_terminal_Id', 21, 'S'],
    ['TP_pId', 1, 'N'],
    ['TP_udhi', 1, 'N'],
    ['Msg_Fmt', 1, 'N'],
    ['Msg_src', 6, 'S'],
    ['FeeType', 2, 'S'],
    ['FeeCode', 6, 'S'],
    ['ValId_Time', 17, 'S'],
    ['At_Time', 17, 'S'],
    ['Src_Id', 21, 'S'],
    ['DestUsr_tl', 1, 'N'],
    ['Dest_terminal_Id', [21, 'DestUsr_tl'], 'S'],
    ['Msg_Length', 1, 'N'],
    ['Msg_Content', [1, 'Msg_Length'], 'B'],
    ['Reserve', 8, 'S'],
  ],
  CMPP_SUBMIT_RESP: [
    ['Msg_Id', 8, 'B'],
    ['Result', 1, 'N'],
  ],
  CMPP_DELIVER: [
    ['Msg_Id', 8, 'B'],
    ['Dest_Id', 21, 'S'],
    ['Service_Id', 10, 'S'],
    ['TP_pid', 1, 'N'],
    ['TP_udhi', 1, 'N'],
    ['Msg_Fmt', 1, 'N'],
    ['Src_terminal_Id', 21, 'S'],
    ['Registered_Delivery', 1, 'N'],
    ['Msg_Length', 1, 'N'],
    ['Msg_Content', [1, 'Msg_Length'], 'B'],
    ['Reserved', 8, 'S'],
  ],
  CMPP_DELIVER_RESP: [
    ['Msg_Id', 8, 'B'],
    ['Result', 1, 'N'],
  ],
  CMPP_QUERY: QUERY,
  CMPP_CANCEL: [['Msg_Id', 8, 'B']],
  CMPP_CANCEL_RESP: [['Success_Id', 1, 'N']],
  CMPP_ACTIVE_TEST: [],
  CMPP_ACTIVE_TEST_RESP: [['Reserved', 1, 'N']],
  REPORT: [
    ['Msg_Id', 8, 'B'],
    ['Stat', 7, 'S'],
    ['Submit_time', 10, 'S'],
    ['Done_time', 10, 'S'],
    ['Dest_terminal_Id', 21, 'S'],
    ['SMSC_sequence', 4, 'N'],
  ],
};

export const TABLES: Readonly<Record<Version, typeof TABLES_2>> = {
  '2.0': TABLES_2,
  '3.0': {
    ...TABLES_2,
    CMPP_CONNECT_RESP: [
      ['Status', 4, 'N'],
      ['AuthenticatorISMG', 16, 'B'],
      ['Version', 1, 'N'],
    ],
    CMPP_SUBMIT: [
      ['Msg_Id', 8, 'B'],
      ['Pk_total', 1, 'N'],
      ['Pk_number', 1, 'N'],
      ['Registered_Delivery', 1, 'N'],
      ['Msg_level', 1, 'N'],
      ['Service_Id', 10, 'S'],
      ['Fee_UserType', 1, 'N'],
      ['Fee_terminal_Id', 32, 'S'],
      ['Fee_terminal_type', 1, 'N'],
      ['TP_pId', 1, 'N'],
      ['TP_udhi', 1, 'N'],
      ['Msg_Fmt', 1, 'N'],
      ['Msg_src', 6, 'S'],
      ['FeeType', 2, 'S'],
      ['FeeCode', 6, 'S'],
      ['ValId_Time', 17, 'S'],
      ['At_Time', 17, 'S'],
      ['Src_Id', 21, 'S'],
      ['DestUsr_tl', 1, 'N'],
      ['Dest_terminal_Id', [32, 'DestUsr_tl'], 'S'],
      ['Dest_terminal_type', 1, 'N'],
      ['Msg_Length', 1, 'N'],
      ['Msg_Content', [1, 'Msg_Length'], 'B'],
      ['LinkID', 20, 'S'],
    ],
    CMPP_SUBMIT_RESP: [
      ['Msg_Id', 8, 'B'],
      ['Result', 4, 'N'],
    ],
    CMPP_DELIVER: [
      ['Msg_Id', 8, 'B'],
      ['Dest_Id', 21, 'S'],
      ['Service_Id', 10, 'S'],
      ['TP_pid', 1, 'N'],
      ['TP_udhi', 1, 'N'],
      ['Msg_Fmt', 1, 'N'],
      ['Src_terminal_Id', 32, 'S'],
      ['Src_terminal_type', 1, 'N'],
      ['Registered_Delivery', 1, 'N'],
      ['Msg_Length', 1, 'N'],
      ['Msg_Content', [1, 'Msg_Length'], 'B'],
      ['LinkID', 20, 'S'],
    ],
    CMPP_DELIVER_RESP: [
      ['Msg_Id', 8, 'B'],
      ['Result', 4, 'N'],
    ],
    CMPP_CANCEL_RESP: [['Success_Id', 4, 'N']],
    REPORT: [
      ['Msg_Id', 8, 'B'],
      ['Stat', 7, 'S'],
      ['Submit_time', 10, 'S'],
      ['Done_time', 10, 'S'],
      ['Dest_terminal_Id', 32, 'S'],
      ['SMSC_sequence', 4, 'N'],
    ],
  },
};

const widthOf = (width: Row[1], values: Values): number => (typeof width === 'number' ? width : width[0] * Number(values[width[1]] ?? 0));

/** The octets of a table; what has no value is zero. */
export function written(table: readonly Row[], values: Values): Buffer {
  return Buffer.concat(
    table.map(([name, width, kind]) => {
      const field = Buffer.alloc(widthOf(width, values));
      const value = values[name];
      if (value === undefined) return field;
      if (kind === 'N') field.writeUIntBE(Number(value), 0, field.length);
      else if (kind === 'S') field.write(String(value), 'latin1');
      else field.set(value as Uint8Array);
      return field;
    }),
  );
}

/** The values of a table; `null` where there are fewer octets, or more. */
export function read(table: readonly Row[], octets: Buffer): Record<string, number | string | Buffer> | null {
  const values: Record<string, number | string | Buffer> = {};
  let at = 0;
  for (const [name, width, kind] of table) {
    const field = octets.subarray(at, at + widthOf(width, values));
    if (field.length < widthOf(width, values)) return null;
    at += field.length;
    if (kind === 'N') values[name] = field.readUIntBE(0, field.length);
    else values[name] = kind === 'S' ? field.toString('latin1').replace(/\0.*$/s, '') : field;
  }
  return at === octets.length ? values : null;
}

/** A whole message. */
export function message(version: Version, command: Command, sequence: number, values: Values = {}): Buffer {
  const body = written(TABLES[version][command], values);
  const header = { Total_Length: 12 + body.length, Command_Id: COMMAND_IDS[command], Sequence_Id: sequence };
  return Buffer.concat([written(HEADER, header), body]);
}
