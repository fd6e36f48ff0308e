"""Words that are no topic, however often a text has them: those that news is written with, and those around it."""

from __future__ import annotations

from feedwatch.match.grams import FUNCTION_WORDS

_ENGLISH = """
able accord add added adds ago agree agreed allow allowed almost already always am amid announce announced
announces apart appear apr april area areas article ask asked asking asks aug august author based become becomes
began begin begins believe best better big billion bring bringing brought build built business buy call called
calls care case cases change changes check city click close closed co come comes coming comment comments common
companies company contact continue continued continues copy copyright corp couple course create created current
currently daily data date day days deal dec december despite detail details different doesn don done due early
easy edition editor email end ended ending enough especially event events ever everyone everything example
expected experience facebook fact fall far feb february feel felt few field find finding follow followed
following former forward found free fri friday friend friends full game gave general getting give given gives
giving goes going gone good got great group groups grow growing half hand hard head hear heard held help helped
helping helps hi high higher hit hold holding home hope hour hours house idea image images important inc include
included includes increase information inside instead interest interested isn issue issues jan january job join
jul july jun june keep kept key kind knew know known large largest latest launch launched lead leader leaders
leading learn least leave leaving led left level life light likely line link list little live lives living local
long longer look looked looking looks lost lot love low ltd main major makes making man mar march mark matter
maybe mean means meant meet meeting member members men message met million minister minute minutes moment mon
monday month months morning move moved moving name named nearly need needed needs news newsletter night note
nothing nov november number oct october offer offered offers official officials old online open opened opening
options order page paid part parts past pay people percent perfect person photo photos pick picture place places
plan planned plans play pm point points possible post posted posts pretty previous price problem problems
process product products project projects provide provided public published put question questions quickly quite
ran reach reached read reader readers reading ready real really reason recent recently related released remain
remains report reported reporter reporters reports result results return right rise run running sat saturday
says school seem seems sell send sense sent sep sept september service services set sets setting share short
show showed showing shown shows side sign similar simple simply single site small soon source sources space
special spent spoke spokesman spokesperson spokeswoman staff stage start started starting starts state statement
stay step still stop stories story strong subscribe sun sunday support sure system taken takes taking talk
talking team tell term terms test thank thanks thing things think third thought thousands thu thursday time
times tip tips today together tomorrow tonight took top total touch tried trillion true try trying tue tuesday
turn turned twitter type understand update updated updates use used useful user users uses using usually value
various version video view want wanted wants watch water way ways website wed wednesday week weekend weekly
weeks went whole wide win woman women won word words work worked working works world worth write writing written
wrong wrote yes young http https html www
"""
_CHINESE = """
一个 一些 一定 一样 一次 一步 一直 一种 一般 上午 上周 上月 下午 下周 下月 下来 不同 不少 不断 不是 专家 世界
中国 中心 为了 主任 主席 主要 举行 之间 书记 了解 事业 人们 人员 人民 什么 今后 今天 今年 介绍 代表 以上 以下
以前 以及 以后 以来 企业 会议 作为 作出 作用 使用 促进 保持 信息 先进 全国 全文 全部 全面 公司 共同 关于 关系
其中 其他 具有 内容 准备 出席 出来 出现 分别 分析 利用 制度 前年 前来 加强 加快 努力 包括 十分 千万 单位 历史
去年 参加 发展 发现 发生 发表 取得 受到 变化 只是 只有 可以 可能 同志 同时 名称 告诉 周一 周三 周二 周五 周六
周四 周日 和谐 因为 因此 国家 国际 图片 地区 地方 坚持 基本 基础 增加 增强 增长 处理 大力 大家 大量 如何 如果
存在 完全 完成 实施 实现 实行 宣布 对于 导致 就是 局长 工作 工程 左右 已经 市场 市民 希望 干部 年度 年来 并且
广大 广泛 应当 建立 建设 开始 开展 引起 强调 当地 当天 当时 影响 得到 必须 怎么 怎样 情况 意见 成为 成功 成立
我们 我国 或者 所有 扩大 技术 报告 报道 指出 按照 推动 推进 措施 提供 提出 提高 摄影 支持 改善 改革 政府 政策
教授 数据 方向 方式 方案 方法 方面 日前 时候 时间 明天 明年 昨天 是否 显示 更多 最后 最近 有些 有关 有效 有的
服务 期间 本周 本报 本月 机构 条件 来源 来自 根据 检查 正在 此前 此外 此次 每年 比较 水平 没有 活动 消息 深入
点击 特别 现在 理事 生产 生活 由于 电话 目前 目标 目的 直接 直播 相关 相当 看到 真正 知道 研究 社会 积极 管理
系统 组织 经济 经过 经验 结束 结构 结果 继续 编辑 群众 能够 自己 获得 表示 要求 规定 规模 视频 解决 计划 认为
讨论 记者 讲话 许多 负责 贡献 质量 起来 超过 转载 达到 过去 过程 近日 还是 还有 这一 这个 这些 这样 这次 这种
这里 进行 追求 适应 逐步 通过 造成 部分 部长 部门 采取 采访 重大 重点 重要 问题 阅读 随着 需要 非常 项目 顺利
领导 首先 首次 高度 原标题 发言人 向记者 委员会 本报讯 积极性 记者会 该公司 负责人 进一步 领导人 消息人士
责任编辑
部地区 国家和地区
"""
COMMON_ENGLISH = FUNCTION_WORDS | frozenset(_ENGLISH.split())
"""In small letters; with the function words of some more languages."""
COMMON_CHINESE = frozenset(_CHINESE.split())
"""In simplified characters."""
