#!/usr/bin/env python3
"""Draws identity cards of nobody, as phones photograph them, and writes down what is on them.

    draw_cards.py FOLDER COUNT [easy|hard] [SEED]

Names, numbers and addresses are made up. `hard`: leaning up to 14 degrees, seen at an angle, out of focus, noisy,
with a reflection, 800x600, and compressed until it shows. Writes FOLDER/NNN.jpg and FOLDER/truth.json.
"""
import io
import json
import math
import os
import random
import sys

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2
REGIONS = {
    "310104": "上海市徐汇区", "110102": "北京市西城区", "330106": "浙江省杭州市西湖区",
    "510107": "四川省成都市武侯区", "320106": "江苏省南京市鼓楼区", "440105": "广东省广州市海珠区",
    "420106": "湖北省武汉市武昌区", "610113": "陕西省西安市雁塔区", "650102": "新疆乌鲁木齐市天山区",
}
ROADS = "汾阳路 鲍家街 转塘街道 桐梓林北路 北京西路 昌岗东路 解放路 含光南路 团结路".split()
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂子涵梓轩浩宇欣怡诗雨萱晨曦嘉懿睿煜琪瑾瑜翊珂昊天思颖婷雪俊熙语桐奕辰"
LONG = ["阿卜杜拉·买买提", "迪丽努尔·艾合买提", "古丽娜尔·吐尔逊", "欧阳娜娜", "司马相如"]
ETHNICITIES = ["汉"] * 7 + ["回", "满", "壮", "维吾尔", "土家", "苗", "蒙古"]
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def number_of(region, birth, order):
    body = "%s%04d%02d%02d%03d" % (region, *birth, order)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS)) % 11]


def somebody(dice):
    region = dice.choice(sorted(REGIONS))
    birth = (dice.randint(1990, 2009), dice.randint(1, 12), dice.randint(1, 28))
    order = dice.randint(1, 999)
    name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice([1, 2, 2, 2])))
    if dice.random() < 0.12:
        name = dice.choice(LONG)
    address = "%s%s%d号%d室" % (REGIONS[region], dice.choice(ROADS), dice.randint(1, 399), dice.randint(101, 1999))
    return {
        "name": name, "sex": "男" if order % 2 else "女", "ethnicity": dice.choice(ETHNICITIES), "birth": birth,
        "address": address, "number": number_of(region, birth, order),
    }


def card(person):
    face = Image.new("RGB", (1010, 638), (226, 236, 240))
    pen = ImageDraw.Draw(face)
    for y in range(0, 638, 9):  # the wavy ground
        wave = [(x, y + 6 * math.sin(x / 45 + y / 30)) for x in range(0, 1010, 12)]
        pen.line(wave, fill=(200, 222, 230) if y % 2 else (233, 215, 220))
    label, ink = (60, 110, 170), (20, 20, 24)

    def text(x, y, words, size=32, fill=ink):
        pen.text((x, y), words, font=ImageFont.truetype(FONT, size, index=SIMPLIFIED), fill=fill)

    text(70, 68, "姓 名", 26, label)
    text(180, 62, person["name"], 36)
    text(70, 140, "性 别", 26, label)
    text(180, 136, person["sex"])
    text(290, 140, "民 族", 26, label)
    text(385, 136, person["ethnicity"])
    text(70, 212, "出 生", 26, label)
    year, month, day = person["birth"]
    for x, words, is_label in [(180, year, 0), (275, "年", 1), (325, month, 0), (378, "月", 1), (425, day, 0), (478, "日", 1)]:
        text(x, 212 if is_label else 208, str(words), 26 if is_label else 32, label if is_label else ink)
    text(70, 284, "住 址", 26, label)
    for row, start in enumerate(range(0, len(person["address"]), 11)):
        text(180, 280 + 46 * row, person["address"][start:start + 11])
    text(70, 540, "公民身份号码", 26, label)
    for place, digit in enumerate(person["number"]):
        text(340 + 30 * place, 530, digit, 40)
    pen.ellipse((740, 130, 880, 320), fill=(190, 160, 140))  # somebody's portrait
    pen.rectangle((700, 330, 920, 410), fill=(70, 80, 100))
    return face


def photo(face, dice, hard):
    desk = Image.new("RGB", (1280, 960), tuple(dice.randint(40, 150) for _ in range(3)))
    scale = dice.uniform(0.65, 0.9) if hard else dice.uniform(0.85, 1.1)
    face = face.convert("RGBA").resize((int(1010 * scale), int(638 * scale)), Image.LANCZOS)
    face = face.rotate(dice.uniform(-14, 14) if hard else dice.uniform(-3, 3), expand=True, resample=Image.BICUBIC)
    place = [(1280 - face.width) // 2 + dice.randint(-20, 20), (960 - face.height) // 2 + dice.randint(-20, 20)]
    desk.paste(face, tuple(place), face)
    if hard:
        lean = [1, dice.uniform(-0.03, 0.03), 0, dice.uniform(-0.03, 0.03), 1, 0]
        lean += [dice.uniform(-0.00012, 0.00012) for _ in range(2)]
        desk = desk.transform(desk.size, Image.PERSPECTIVE, lean, Image.BICUBIC)
    desk = desk.filter(ImageFilter.GaussianBlur(dice.uniform(1.2, 2.1) if hard else dice.uniform(0.4, 0.8)))
    if hard:
        shine = Image.new("L", desk.size, 0)
        x, y = dice.randint(300, 900), dice.randint(250, 700)
        ImageDraw.Draw(shine).ellipse((x - 120, y - 70, x + 120, y + 70), fill=120)
        shine = shine.filter(ImageFilter.GaussianBlur(45))
        desk = ImageChops.add(desk, Image.merge("RGB", [shine] * 3))
    noise = Image.effect_noise(desk.size, 14 if hard else 6)
    desk = ImageChops.add(desk, Image.merge("RGB", [noise] * 3), offset=-128)
    return desk.resize((800, 600), Image.LANCZOS) if hard else desk


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    hard = (sys.argv[3:] or ["hard"])[0] == "hard"
    dice = random.Random(int((sys.argv[4:] or ["7"])[0]))
    os.makedirs(folder, exist_ok=True)
    truth = []
    for place in range(count):
        person = somebody(dice)
        person["file"] = "%03d.jpg" % place
        jpeg = io.BytesIO()
        photo(card(person), dice, hard).save(jpeg, "JPEG", quality=40 if hard else 80)
        with open(os.path.join(folder, person["file"]), "wb") as file:
            file.write(jpeg.getvalue())
        truth.append(person)
    with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as file:
        json.dump(truth, file, ensure_ascii=False, indent=1)


main()
