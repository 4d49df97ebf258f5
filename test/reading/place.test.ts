/** Where it happened: addresses, lamp posts, door plates and landmarks, each as far as it is said. */
import { describe, expect, it } from 'vitest';
import { placeIn } from '../../src/reading/place.ts';
import type { PlaceForms } from '../../src/reading/place.ts';

const FORMS: PlaceForms = { poleDigits: [7, 5], platePattern: String.raw`\d{6}[A-Z]\d{6}`, plainDatum: 'gcj-02' };
const NOWHERE = { address: null, poleCode: null, plateCode: null, point: null, landmark: null };

describe('an address is its pieces, as they stand', () => {
  it.each([
    ['我在南岗区中山路110号3单元501室，有人打架', '南岗区中山路110号3单元501室'],
    ['他往紅旗大街和淮河路口跑了', '紅旗大街和淮河路口'],
    ['黑龙江省哈尔滨市道里区 经纬街 88号', '黑龙江省哈尔滨市道里区 经纬街 88号'],
    ['浦东新区张江镇祖冲之路1239弄5号302室', '浦东新区张江镇祖冲之路1239弄5号302室'],
    ['和平区和平街与人民路交叉口', '和平区和平街与人民路交叉口'],
    ['我家在幸福小区3-2-501 快来', '幸福小区3-2-501'],
    ['京哈高速1215公里处', '京哈高速1215公里处'],
    ['住道里区，现在在南岗区中山路110号', '南岗区中山路110号'],
    ['地点是嵩山路，不是泰山路110号', '嵩山路'],
    ['robbed at 12 Zhongshan Road, apt 5, 3rd floor just now', '12 Zhongshan Road, apt 5, 3rd floor'],
    ['I live at No. 110 Zhongshan Road, Nangang District', 'No. 110 Zhongshan Road, Nangang District'],
    ['Bar Street 22, 2nd floor', 'Bar Street 22, 2nd floor'],
    ['flat 1203, building 5, Riverside Garden, Songbei district', 'flat 1203, building 5, Riverside Garden, Songbei district'],
    ['на ул. Ленина 5, кв. 12 драка', 'ул. Ленина 5, кв. 12'],
    ['район Даоли, улица Цзинвэй 15, подъезд 3', 'район Даоли, улица Цзинвэй 15, подъезд 3'],
    ['рынок на Дачжи 56', 'Дачжи 56'],
    ['украли на Центральной улице', 'Центральной улице'],
    ['南崗区紅軍街10号の前で', '南崗区紅軍街10号'],
    ['渋谷区道玄坂1-2-3です', '渋谷区道玄坂1-2-3'],
    ['東京都新宿区西新宿2丁目8番1号', '東京都新宿区西新宿2丁目8番1号'],
    ['난강구 홍군가 10호 앞에서', '난강구 홍군가 10호'],
    ['서울시 강남구 테헤란로 152 3층', '서울시 강남구 테헤란로 152 3층'],
  ])('%s → %s', (text, address) => {
    const { address: found } = placeIn(text, FORMS);
    expect(found).toEqual({ said: address, certainty: 'stated', value: address });
  });

  it('line breaks within it become blanks in the value and stay in what was said', () => {
    const { address } = placeIn('道里区安升街\n88号', FORMS);
    expect(address).toEqual({ said: '道里区安升街\n88号', certainty: 'stated', value: '道里区安升街 88号' });
  });

  it.each([
    '我在超市门前的马路上',
    '我的账号被盗了',
    '打110',
    '地铁3号线',
    '在5楼',
    '我在哈尔滨市',
    '走在大街上',
    '一条路',
    '我家小区',
    'on the street',
    'the next road',
    'room 12',
    'на улице темно',
    '제가 바로 갈게요',
    '다시 병으로 2명을',
    '親友は道に',
  ])('%s holds none', (text) => {
    expect(placeIn(text, FORMS).address).toBeNull();
  });
});

describe('the code of a lamp post', () => {
  it.each([
    ['路灯编号3021456', '3021456', '路灯编号3021456'],
    ['灯杆号：３０２１４５６', '3021456', '灯杆号：３０２１４５６'],
    ['路灯三零二幺四五六旁边', '3021456', '路灯三零二幺四五六'],
    ['在3021456号路灯下面', '3021456', '3021456号路灯'],
    ['路燈桿 30214', '30214', '路燈桿 30214'],
    ['Pole number 302-1456', '3021456', 'Pole number 302-1456'],
    ['lamp post 3021456 near', '3021456', 'lamp post 3021456'],
    ['столб номер 20145', '20145', 'столб номер 20145'],
    ['фонарь № 3021456', '3021456', 'фонарь № 3021456'],
    ['電柱番号3021456', '3021456', '電柱番号3021456'],
    ['가로등 번호 3021456', '3021456', '가로등 번호 3021456'],
    ['电话82345678，pole 3021456', '3021456', 'pole 3021456'],
  ])('%s → %s', (text, value, said) => {
    expect(placeIn(text, FORMS).poleCode).toEqual({ said, certainty: 'stated', value });
  });

  it('without its post it is a guess, by the length alone', () => {
    expect(placeIn('编号3021456', FORMS).poleCode).toEqual({ said: '编号3021456', certainty: 'guessed', value: '3021456' });
    expect(placeIn('3021456', FORMS).poleCode).toEqual({ said: '3021456', certainty: 'guessed', value: '3021456' });
    expect(placeIn('3021456 路灯1234567', FORMS).poleCode?.value).toBe('1234567');
  });

  it.each([
    '电话3021456',
    '我的手机13812345678',
    '被骗了30214元',
    '路灯302145',
    '路灯30214567',
    '黑A12345的车',
    '12345说的',
    '打10086',
    'my phone is 3021456',
    'visa card 3021456',
    'тел 3021456',
    '口座3021456',
    '230103199003077715',
    '不是路灯3021456',
    '三月二十一日',
  ])('%s holds none', (text) => {
    expect(placeIn(text, FORMS).poleCode).toBeNull();
  });

  it('its length is the centre’s own', () => {
    expect(placeIn('路灯 4021', { ...FORMS, poleDigits: [4] }).poleCode?.value).toBe('4021');
    expect(placeIn('路灯 4021', FORMS).poleCode).toBeNull();
  });
});

describe('the code of a door plate', () => {
  it('is stated where the plate is named, else a guess', () => {
    expect(placeIn('门牌二维码下面的编码是230103A004512', FORMS).plateCode).toEqual({
      said: '230103A004512',
      certainty: 'stated',
      value: '230103A004512',
    });
    expect(placeIn('230103a004512', FORMS).plateCode).toEqual({ said: '230103a004512', certainty: 'guessed', value: '230103A004512' });
  });
  it('is none where the centre has none, or gives a form that is no expression', () => {
    expect(placeIn('门牌230103A004512', { ...FORMS, platePattern: null }).plateCode).toBeNull();
    expect(placeIn('门牌230103A004512', { ...FORMS, platePattern: '(' }).plateCode).toBeNull();
  });
});

describe('a landmark is a guess', () => {
  it.each([
    ['在红博广场 晚上7点', '红博广场'],
    ['在秋林公司门口抓到', '秋林公司门口'],
    ['在儿童公园北门', '儿童公园北门'],
    ['地铁博物馆站A口', '地铁博物馆站A口'],
    ['黑龍江大學正門對面', '黑龍江大學正門對面'],
    ['robbed near Harbin Railway Station', 'near Harbin Railway Station'],
    ['big fight outside Blues bar, help', 'outside Blues bar'],
    ['on the Songhua river bridge', 'Songhua river bridge'],
    ['у школы номер 3', 'у школы номер 3'],
    ['напротив магазина «Океан»', 'напротив магазина «Океан»'],
    ['訂正します。博物館駅ではなく哈爾浜駅です', '哈爾浜駅'],
    ['さっき聖ソフィア大聖堂の裏で', '聖ソフィア大聖堂の裏'],
    ['조린공원이 아니라 아동공원이에요', '아동공원'],
    ['소피아 성당 근처', '소피아 성당 근처'],
  ])('%s → %s', (text, landmark) => {
    expect(placeIn(text, FORMS).landmark).toEqual({ said: landmark, certainty: 'guessed', value: landmark });
  });

  it.each([
    '工地门口',
    '楼下饭店',
    '学校门口',
    '派出所民警打人',
    '广场舞太吵',
    'behind me',
    'next to my house',
    'the restaurant',
    'in the office',
    'у меня',
    'ホテルの部屋',
    '술집 앞에서',
  ])('%s names none', (text) => {
    expect(placeIn(text, FORMS).landmark).toBeNull();
  });
});

it('everything a text tells of a place is told at once', () => {
  const text = '我在南岗区中山路110号，儿童公园北门，路灯编号3021456，坐标45.75,126.63，门牌230103A004512';
  const place = placeIn(text, FORMS);
  expect(place.address?.value).toBe('南岗区中山路110号');
  expect(place.landmark?.value).toBe('儿童公园北门');
  expect(place.poleCode?.value).toBe('3021456');
  expect(place.plateCode?.value).toBe('230103A004512');
  expect(place.point).not.toBeNull();
});

it('a text without a place tells none', () => {
  expect(placeIn('救命', FORMS)).toEqual(NOWHERE);
  expect(placeIn('', FORMS)).toEqual(NOWHERE);
});
