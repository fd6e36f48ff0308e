"""Delivery: an edition becomes a mail, and leaves over SMTP or into a folder.

A `Sender` takes finished messages; `plan_retry` says when a refused one is tried again, `Pace` how many may go now.
"""

from feedwatch.deliver.folder import FolderSender
from feedwatch.deliver.message import Message, build_message
from feedwatch.deliver.retry import plan_retry
from feedwatch.deliver.sender import Sender, ServerDown
from feedwatch.deliver.smtp import SmtpSender

__all__ = ["FolderSender", "Message", "Sender", "ServerDown", "SmtpSender", "build_message", "plan_retry"]
