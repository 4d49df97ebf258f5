/**
 * Who writes instead of calling, and what: one who cannot speak and writes a long text, and one in hiding whose telephone must not light
 * up. Everything is invented, and the numbers are nobody's.
 */

export interface Texter {
  /** As the carrier shows it. */
  readonly number: string;
  /** How the story calls what they write. */
  readonly label: string;
  /** For somebody who does not read Chinese: who writes, and what each part says. */
  readonly about: string;
  readonly gists: readonly string[];
  /** The short number and the area code of the city, as it was written to. */
  readonly to: string;
  readonly text: string;
  /** The numbers of the parts, in the order in which the carrier brings them. */
  readonly arrive: readonly number[];
  /** The word list's code of the matter. */
  readonly matter: string;
  readonly poleCode: string | null;
  readonly isInHiding: boolean;
}

const TO = '121100451';

/** UTF-16 units of one part of a long text in UCS-2 (3GPP TS 23.040). */
const PART = 67;

/** What one short message carries of a text; a text of one part stands alone. */
export const partOf = ({ text }: Pick<Texter, 'text'>, number: number): string => text.slice((number - 1) * PART, number * PART);

export const TEXTERS: readonly Texter[] = [
  {
    number: '13800001008',
    label: 't1',
    about: 'a deaf witness, in three parts, and the carrier brings the last one first',
    gists: [
      'I am deaf and cannot call, please text me. Ten minutes ago, in the park by the river in Youyi Road, two men took an old lady’s bag and pushed her to the ground. Her head is bleeding …',
      '… she cannot stand up and is alone. One wore a black coat, one a red cap; they went off on a white scooter and are out of sight. I am now with the old …',
      '… lady. The lamp post beside us says 1030512. Please send police and an ambulance, quickly.',
    ],
    to: TO,
    text: '我是聋哑人，不能打电话，请用短信联系。十分钟前，在道里区友谊路江边的公园里，两个男人抢走了一位老太太的手提包，把她推倒在地，她头上流血，站不起来，身边没有家人。那两个人一个穿黑色羽绒服，一个戴红帽子，骑一辆白色电动车，往防洪纪念塔那边跑了，已经看不见了。我现在陪着老太太，旁边的路灯杆编号是1030512，请快派警察和救护车来。',
    arrive: [3, 1, 2],
    matter: 'robbery',
    poleCode: '1030512',
    isInHiding: false,
  },
  {
    number: '13800001009',
    label: 't2',
    about: 'somebody in hiding',
    gists: [
      'Just now somebody broke in by the door. I am hiding in the wardrobe, he is in the living room. Do not text back, do not call. Minsheng Road 88, entrance 3, flat 501, Xiangfang.',
    ],
    to: TO,
    text: '刚才有人撬门进来了，我躲在衣柜里，他就在客厅。别回短信，别打电话。香坊区民生路88号3单元501',
    arrive: [1],
    matter: 'burglary',
    poleCode: null,
    isInHiding: true,
  },
];

export const texterOf = (number: string | null): Texter | null => TEXTERS.find((texter) => texter.number === number) ?? null;
