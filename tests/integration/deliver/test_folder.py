from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from feedwatch.deliver import FolderSender
from feedwatch.errors import DeliveryError
from tests.integration.deliver.mails import message

if TYPE_CHECKING:
    from pathlib import Path


def files_under(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_a_mail_is_one_file_named_after_its_delivery_and_address(tmp_path: Path) -> None:
    async with FolderSender(tmp_path / "not" / "yet") as sender:
        receipt = await sender.send(message(), "ann@example.org", 7)
    (file,) = files_under(tmp_path)
    assert file.parent == tmp_path / "not" / "yet"
    assert file.name == "000007-ann@example.org.eml"
    assert receipt == str(file)
    assert file.read_bytes() == message().as_bytes()


async def test_the_same_delivery_twice_is_one_file(tmp_path: Path) -> None:
    async with FolderSender(tmp_path) as sender:
        await sender.send(message(subject="first"), "ann@example.org", 7)
        await sender.send(message(subject="second"), "ann@example.org", 7)
        await sender.send(message(), "ann@example.org", 8)
    seventh, _eighth = files_under(tmp_path)
    assert message_from_bytes(seventh.read_bytes(), policy=default)["Subject"] == "second"


@pytest.mark.parametrize(
    "address",
    ["../../ann@example.org", "/etc/passwd", "a/../../b@example.org", "..", ".", "", "\0@\n", "a" * 400, "安" * 300],
)
async def test_an_address_does_not_lead_out_of_the_folder(tmp_path: Path, address: str) -> None:
    outbox = tmp_path / "a" / "outbox"
    async with FolderSender(outbox) as sender:
        await sender.send(message(), address, 1)
    (file,) = files_under(tmp_path)
    assert file.parent == outbox
    assert file.suffix == ".eml"


async def test_a_folder_that_cannot_be_made_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    async with FolderSender(tmp_path / "outbox") as sender:
        with pytest.raises(DeliveryError, match=r"cannot write .*outbox/000001-ann@example.org.eml: ") as caught:
            await sender.send(message(), "ann@example.org", 1)
    assert not caught.value.permanent


async def test_a_mail_that_cannot_be_written_whole_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "000001-ann@example.org.eml").mkdir()  # in the way of the last step
    async with FolderSender(tmp_path) as sender:
        with pytest.raises(DeliveryError) as caught:
            await sender.send(message(), "ann@example.org", 1)
    assert not caught.value.permanent
    assert files_under(tmp_path) == []
