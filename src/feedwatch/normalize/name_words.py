"""What a name may begin with, and what looks like a name and is none. Chinese characters in simplified form."""

from __future__ import annotations

_PINYIN = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang
han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng su wei lu lü lyu ding ren shen
yao cui zhong tan fan jin shi liao jia xia fu fang bai zou meng xiong qin qiu yin xue yan duan lei hou long
tao hao gu mao gong shao wan qian dai mo kong xiang kang wen niu ge xing an qi yi qiao pang ni zhuang nie zhai
zhan geng guan lan jiao zuo gan bao ning shang shu ruan ke ji mei tong ling bi shan pei huo tu miao sheng qu
weng ran you cha chai hua pu teng rao jie mu ai nong si zhuo jian che lian mai chu lou dou cen jing dang fei
bu leng zong gui quan ying zang min gou bian ouyang situ sima shangguan zhuge murong kuang xian
"""
_COMPOUND = """
欧阳 上官 司马 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 夏侯 令狐 端木
轩辕 南宫 长孙 宇文 独孤
"""
_NO_NAMES = """
a about admin afp after agencies agency air all an and ap at author authors best board boat borders bureau bus
car chance christmas city company contributor correspondent day december default definition demand department
design desk east easter editor editorial editors eve far february first force friday general guest half heart
help in invitation january july law line march mistake monday month more news newsroom night north november
numbers october of office on order our own people phone plane point popular proxy public rail reason reporter
reporters request reuters rights rule saturday sea september shipping size south special spring staff state
sunday surprise team the this thursday time today tomorrow town train tuesday two type using vote water way
wednesday week without word world writer writers xinhua year yesterday yourself
"""
_NO_HAN_NAMES = """
和平 安全 石油 时间 时候 万元 高度 高速 高铁 成立 成功 方面 方案
程序 全国 全市 全省 全区 全体 都会 向社会 常委 汽车 严格 何时 来源
和他 和她 向记者 解放 应急 古代 古镇 强调 任何 施工 文化 文明 成都
江苏 江西 江门 云南
"""

PINYIN = frozenset(_PINYIN.split())
"""Chinese surnames in pinyin, in lower case."""
HAN = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储芮容伦冼区招霭禤练植揭丘巢厉居楚濮闻阎钮屠崴布利励卿么幸泰甯蔺苍强沃"
)
"""Chinese surnames of one character."""
COMPOUND = frozenset(_COMPOUND.split())
"""Those of two."""
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words that stand with a capital in headings and bylines without being anyone's name."""
NO_HAN_NAMES = frozenset(_NO_HAN_NAMES.split())
"""What begins with a surname and is a word or a place."""
NO_NAME_STARTS = frozenset("从广")
"""Characters that hardly ever begin a name, but words such as 从市 and 广州."""
NO_NAME_ENDS = frozenset("市省县区局厅部报社网院所团会镇村路")
"""Last characters of offices, places and papers."""
