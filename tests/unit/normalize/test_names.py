from __future__ import annotations

import pytest

from feedwatch.normalize.names import read_names


@pytest.mark.parametrize(
    "written, names",
    [
        ("Jane Doe", ("Jane Doe",)),
        ("John Smith and Jane Doe", ("John Smith", "Jane Doe")),
        ("Matt Roe, Olivia Le Poidevin and J.K. Doe", ("Matt Roe", "Olivia Le Poidevin", "J.K. Doe")),
        ("Maria da Silva e João Sá", ("Maria da Silva", "João Sá")),
        ("Deng Shaojun Luo Pei", ("Deng Shaojun", "Luo Pei")),
        ("Deng Shaojun, Luo Pei", ("Deng Shaojun", "Luo Pei")),
        ("Anna Smith Peter Jones", ("Anna Smith Peter Jones",)),  # may be one name
        ("邓少军 罗佩", ("邓少军", "罗佩")),
        ("邓少军 通讯员罗佩", ("邓少军", "罗佩")),
        ("記者 張三、李四", ("張三", "李四")),
        ("记者/邓少军 罗佩", ("邓少军", "罗佩")),
        ("张　三", ("张三",)),
        ("欧阳修", ("欧阳修",)),
        ("文/羊城晚报记者 陈强 图/李四", ("陈强", "李四")),
        ("张三、李四、张三", ("张三", "李四")),
        ("记者从市政府获悉", ()),
        ("从市政府获悉", ()),
        ("通讯员 江门市公安局", ()),
        ("记者 探访", ()),
        ("江门", ()),
        ("April White", ("April White",)),
        ("Special Correspondent", ()),
        ("Tuesday", ()),
        ("Jane", ()),
        ("Popular Demand", ()),
        ("Staff Reporter", ()),
        ("Reuters Staff", ()),
        ("Jane Doe and the team", ()),
        ("population 7 million", ()),
        ("", ()),
    ],
)
def test_read_names(written: str, names: tuple[str, ...]) -> None:
    assert read_names(written) == names
