# ruff: noqa: E501 - sentences break where they break
"""Reports that a newsroom or a machine writes in one mould every day: other figures, other news. Invented."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Filled = tuple[str, str]
Form = Callable[[Random], Filled]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_SECTORS = (
    "Technology",
    "Property",
    "Energy",
    "Banking",
    "Airline",
    "Consumer",
    "Mining",
    "Utility",
    "Shipping",
    "Drug",
)
_FIRMS = (
    "Harbour Lines",
    "Acme Power",
    "Norden Bank",
    "Silverline",
    "Pearl Foods",
    "Castor Oil",
    "Kite Air",
    "Orchid Labs",
)
_PACKAGES = (
    "vim",
    "openssl",
    "curl",
    "libxml2",
    "nginx",
    "sudo",
    "postgresql",
    "imagemagick",
    "cups",
    "bind9",
    "glibc",
)
_TOWNS = ("Arica", "Padang", "Davao", "Hualien", "Kodiak", "Tonopah", "Patras", "Van", "Ambon", "Iquique", "Lae")
_TEAMS = ("Rovers", "Athletic", "Wanderers", "Albion", "Harriers", "Town", "Villa", "Orient", "Rangers", "Vale")
_ZH_SECTORS = ("科技", "地产", "能源", "银行", "航空", "消费", "煤炭", "电力", "航运", "医药")
_ZH_DISTRICTS = ("东湖区", "南山区", "北河区", "西城区", "港湾区", "新城区", "高新区", "临江区")


def market_close(rng: Random) -> Filled:
    up, by = rng.choice(("rose", "fell")), rng.uniform(0.1, 3)
    first, second, third = rng.sample(_SECTORS, 3)
    return (
        f"Stocks {'gain' if up == 'rose' else 'slip'} as {first.lower()} shares lead",
        f"The benchmark index {up} {by:.1f}%, or {by * 180:.1f} points, to close at {rng.uniform(15000, 26000):,.2f} on "
        f"{rng.choice(_DAYS)}. Turnover was {rng.uniform(70, 160):.1f} billion dollars. {first} shares {up} {by * 2:.1f}%, "
        f"while {second.lower()} stocks ended {rng.uniform(0.1, 2):.1f}% lower and {third.lower()} stocks were little changed.\n"
        f"Among the most active, {rng.choice(_FIRMS)} closed at {rng.uniform(5, 90):.2f} dollars and {rng.choice(_FIRMS)} "
        f"at {rng.uniform(5, 90):.2f}. In the broader market, {rng.randint(300, 900)} stocks advanced and "
        f"{rng.randint(300, 900)} declined. Index futures for next month settled at {rng.uniform(15000, 26000):,.0f}.",
    )


def earnings(rng: Random) -> Filled:
    firm = rng.choice(_FIRMS)
    return (
        f"{firm} quarterly profit {rng.choice(('rises', 'falls'))} {rng.randint(2, 60)}%",
        f"{firm} said on {rng.choice(_DAYS)} that net profit for the quarter was {rng.uniform(10, 900):.1f} million dollars, "
        f"against {rng.uniform(10, 900):.1f} million in the same period a year ago. Earnings per share were "
        f"{rng.uniform(0.1, 4):.2f} dollars, compared with {rng.uniform(0.1, 4):.2f}. Revenue came to "
        f"{rng.uniform(1, 20):.2f} billion dollars, against {rng.uniform(1, 20):.2f} billion. The board proposed a dividend "
        f"of {rng.randint(5, 80)} cents a share, payable on {rng.randint(1, 28)} {rng.choice(('March', 'June', 'October'))}. "
        f"For the full year the company expects revenue of between {rng.randint(4, 30)} and {rng.randint(31, 70)} billion.",
    )


def advisory(rng: Random) -> Filled:
    package, number = rng.choice(_PACKAGES), rng.randint(5000, 8000)
    return (
        f"USN-{number}-{rng.randint(1, 3)}: {package} vulnerabilit{rng.choice(('y', 'ies'))}",
        f"It was discovered that {package} incorrectly handled certain {rng.choice(('files', 'requests', 'inputs', 'headers'))}. "
        f"{rng.choice(('An attacker', 'A local attacker', 'A remote attacker'))} could possibly use this issue to "
        f"{rng.choice(('cause a denial of service', 'execute arbitrary code', 'obtain sensitive information'))}. "
        f"(CVE-{rng.randint(2021, 2024)}-{rng.randint(1000, 49999)})\n"
        f"The problem can be corrected by updating your system to the following package versions: {package} "
        f"{rng.randint(1, 9)}.{rng.randint(0, 40)}.{rng.randint(0, 9)}-{rng.randint(1, 9)}ubuntu{rng.randint(1, 5)}."
        f"{rng.randint(1, 29)}. After a standard system update you need to reboot your computer to make all the necessary "
        f"changes. In general, a standard system update will make all the necessary changes. Reports of further issues are "
        f"welcome at the bug tracker of the distribution.",
    )


def earthquake(rng: Random) -> Filled:
    town, strength = rng.choice(_TOWNS), rng.uniform(4.5, 7.2)
    return (
        f"M {strength:.1f} - {rng.randint(5, 190)} km {rng.choice(('N', 'SE', 'WSW', 'NNE', 'S'))} of {town}",
        f"An earthquake of magnitude {strength:.1f} struck {rng.randint(5, 190)} kilometres from {town} at "
        f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02} UTC on {rng.choice(_DAYS)}, the geological survey said. The "
        f"epicentre was at a depth of {rng.randint(5, 300)} kilometres, at {rng.uniform(0, 60):.3f} degrees of latitude and "
        f"{rng.uniform(60, 180):.3f} degrees of longitude. There were no immediate reports of damage or casualties. "
        f"{rng.choice(('No tsunami warning was issued.', 'A tsunami advisory was lifted after an hour.'))} The region lies on "
        f"the Pacific Ring of Fire, where earthquakes are frequent, and the survey warned that aftershocks were likely.",
    )


def forecast(rng: Random) -> Filled:
    low = rng.randint(-5, 20)
    sky = rng.choice(("sunny spells", "heavy showers", "fog patches", "light rain", "clear skies", "thunderstorms"))
    return (
        f"Weather for {rng.choice(_DAYS)}: {sky}",
        f"The outlook for the region is for {sky} with temperatures from {low} to {low + rng.randint(4, 12)} degrees. Winds "
        f"will be {rng.choice(('light', 'moderate', 'fresh', 'strong'))} from the {rng.choice(('north', 'east', 'south-west'))}, "
        f"force {rng.randint(2, 8)} offshore. Relative humidity will range between {rng.randint(40, 60)} and "
        f"{rng.randint(61, 98)} per cent. The chance of rain is {rng.randint(5, 95)} per cent in the morning and "
        f"{rng.randint(5, 95)} per cent later in the day. The sun rises at {rng.randint(5, 7)}.{rng.randint(10, 59)} and sets at "
        f"{rng.randint(17, 20)}.{rng.randint(10, 59)}. High tide is at {rng.randint(0, 11)}.{rng.randint(10, 59)}, when the water "
        f"will be {rng.uniform(1, 3):.1f} metres above chart datum. The next bulletin will be issued at six in the evening.",
    )


def fixture(rng: Random) -> Filled:
    home, away = rng.sample(_TEAMS, 2)
    ours, theirs = rng.randint(0, 4), rng.randint(0, 4)
    return (
        f"{home} {ours}-{theirs} {away}",
        f"{home} and {away} met on {rng.choice(_DAYS)} in front of {rng.randint(3000, 42000):,} spectators, and the match ended "
        f"{ours}-{theirs}. The first goal fell in the {rng.randint(2, 40)}th minute. {home} had {rng.randint(30, 70)} per cent of "
        f"the ball and {rng.randint(3, 22)} shots, {rng.randint(1, 9)} of them on target, while {away} had {rng.randint(3, 22)} "
        f"shots and {rng.randint(1, 12)} corners. The referee showed {rng.randint(0, 7)} yellow cards. {home} are now "
        f"{rng.randint(1, 20)}th in the table with {rng.randint(10, 70)} points; {away} are {rng.randint(1, 20)}th with "
        f"{rng.randint(10, 70)}. The next round is played on Saturday, when all matches begin at three in the afternoon.",
    )


def release(rng: Random) -> Filled:
    package = rng.choice(_PACKAGES)
    version = f"{rng.randint(1, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 20)}"
    part = rng.sample(
        ("the parser", "the cache", "logging", "the installer", "time zones", "redirects", "Windows paths"), 3
    )
    return (
        f"{package} {version} released",
        f"We are happy to announce the release of {package} {version}. This is a maintenance release that fixes "
        f"{rng.randint(3, 60)} bugs in {part[0]}, {part[1]} and {part[2]}, and we recommend that all users upgrade. "
        f"Thanks to the {rng.randint(3, 40)} people who contributed. You can download it from the usual place; the "
        f"checksums are signed with the release key. Packages for the distributions will follow in the coming days. If you "
        f"find a problem, please open an issue with the version, the platform and the steps to reproduce it. Issue "
        f"#{rng.randint(1000, 9999)} is known and will be fixed in the next release.",
    )


def exchange_rates(rng: Random) -> Filled:
    day = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    return (
        f"{day}人民币对美元中间价报{rng.uniform(6.9, 7.3):.4f}",
        f"中国外汇交易中心公布，{day}银行间外汇市场人民币汇率中间价为：1美元对人民币{rng.uniform(6.9, 7.3):.4f}元，1欧元对人民币"
        f"{rng.uniform(7.4, 8.1):.4f}元，100日元对人民币{rng.uniform(4.5, 5.3):.4f}元，1港元对人民币{rng.uniform(0.89, 0.94):.5f}元，1英镑对人民币"
        f"{rng.uniform(8.8, 9.6):.4f}元，1澳大利亚元对人民币{rng.uniform(4.5, 4.9):.4f}元，1新加坡元对人民币{rng.uniform(5.2, 5.5):.4f}元。人民币对"
        f"美元中间价较上一交易日{rng.choice(('调升', '调贬'))}{rng.randint(3, 190)}个基点。交易商说，市场成交平稳。",
    )


def zh_market_close(rng: Random) -> Filled:
    first, second = rng.sample(_ZH_SECTORS, 2)
    up = rng.choice(("升", "跌"))
    return (
        f"港股收市{up}{rng.randint(20, 600)}点",
        f"恒生指数今天收市报{rng.uniform(15000, 26000):,.2f}点，{up}{rng.uniform(20, 600):.2f}点，{up}幅{rng.uniform(0.1, 3):.2f}%，大市"
        f"成交{rng.uniform(700, 1900):.1f}亿元。国企指数报{rng.uniform(5000, 9000):,.2f}点，{up}{rng.uniform(0.1, 3):.2f}%。{first}股表现"
        f"最好，{second}股普遍向下。蓝筹股之中，{rng.randint(10, 70)}只上升，{rng.randint(10, 70)}只下跌。即月期指收报"
        f"{rng.randint(15000, 26000):,}点，{rng.choice(('高水', '低水'))}{rng.randint(2, 120)}点。分析员说，投资者正等待议息结果，"
        f"预计大市短期在{rng.randint(15, 20)},{rng.randint(100, 999)}点附近有支持。",
    )


def air_quality(rng: Random) -> Filled:
    first, second, third = rng.sample(_ZH_DISTRICTS, 3)
    return (
        f"今日空气质量：{first}{rng.choice(('优', '良', '轻度污染'))}",
        f"市环境监测站今天上午8时发布的数据显示，全市空气质量指数为{rng.randint(20, 180)}，其中{first}{rng.randint(20, 180)}，"
        f"{second}{rng.randint(20, 180)}，{third}{rng.randint(20, 180)}。细颗粒物平均浓度为每立方米{rng.randint(10, 120)}微克，臭氧为每立方米"
        f"{rng.randint(20, 190)}微克，首要污染物为{rng.choice(('细颗粒物', '臭氧', '可吸入颗粒物'))}。预计明天风力{rng.randint(1, 6)}级，"
        f"气温{rng.randint(5, 18)}至{rng.randint(19, 33)}度。监测站提醒，老人、儿童和有呼吸道疾病的市民应当减少长时间的户外活动。",
    )


FORMS: tuple[Form, ...] = (
    market_close, earnings, advisory, earthquake, forecast, fixture, release, exchange_rates, zh_market_close, air_quality,
)  # fmt: skip
"""Every second one belongs to the half that thresholds were chosen on."""
