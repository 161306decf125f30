"""A Dovecot of our own, with a mailbox for whoever knows the password."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.processes import cache, certificate, free_port, listening, missing, stop, wait_until
from real.unpacked_dovecot import dovecot

PASSWORD = "canary-7f3a"

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
libexec_dir = {libexec}
mail_plugin_dir = {libexec}/modules
import_environment = LD_LIBRARY_PATH
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
{plugins}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  {drafts}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
DRAFTS = "mailbox Entwürfe {\n    auto = create\n    special_use = \\Drafts\n  }"
QUOTA = """\
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=1K
}
"""


class Imap:
    """A running server; `stop` and `start` keep its mail."""

    def __init__(self, *, drafts: str = DRAFTS, plugins: str = "") -> None:
        try:
            self._programs = dovecot(cache())
        except (RuntimeError, OSError) as error:
            missing("Dovecot", error)
        self.port, self.tls_port = free_port(), free_port()
        # Not in pytest's own folder: the process that greets gives up root's rights, and could not go there.
        self.folder = folder = Path(tempfile.mkdtemp(prefix="fr-imap-", dir="/var/tmp"))
        folder.chmod(0o755)
        (folder / "run").mkdir()
        self.certificate, key = certificate(folder)
        # Mail belongs to who runs the tests; but to nobody where that is root, which Dovecot will not have.
        me = pwd.getpwuid(os.getuid())
        owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
        for name in ("mail", "home"):
            (folder / name).mkdir()
            os.chown(folder / name, owner.pw_uid, owner.pw_gid)
        text = _CONFIG.format(
            folder=folder, libexec=self._programs.libexec, uid=owner.pw_uid, gid=owner.pw_gid, password=PASSWORD,
            user=me.pw_name, group=grp.getgrgid(me.pw_gid).gr_name, login=owner.pw_name, cert=self.certificate, key=key,
            port=self.port, tls_port=self.tls_port, drafts=drafts, plugins=plugins,
        )  # fmt: skip
        (folder / "own.conf").write_text(text, "utf-8")
        self.start()

    def start(self) -> None:
        """Begin to listen."""
        usr, own = self._programs.programs, str(self.folder / "own.conf")
        # `dovecot` would ask for its settings at a fixed place; `doveconf` reads them and starts it with them.
        command = [str(usr / "bin/doveconf"), "-f", "service=master", "-c", own, "-m", "master", "-e"]
        command += [str(usr / "sbin/dovecot"), "-F", "-c", own]
        environ = {**os.environ, **self._programs.environ}
        with (self.folder / "out").open("ab") as out:
            self._process = subprocess.Popen(command, env=environ, stdout=out, stderr=out)
        wait_until(lambda: listening(self.port) or self._process.poll() is not None, "Dovecot")
        if self._process.poll() is not None:
            said = (self.folder / "out").read_text("utf-8") + (self.folder / "log").read_text("utf-8")
            missing("Dovecot", f"it does not start: {said[-300:]}")

    def stop(self) -> None:
        """Stop listening."""
        stop(self._process)

    def pause(self) -> None:
        """Answer nothing any more, but keep every connection."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Go on."""
        os.kill(self._process.pid, signal.SIGCONT)


@contextmanager
def serving(*, drafts: str = DRAFTS, plugins: str = "") -> Iterator[Imap]:
    """A server for as long as the block lasts."""
    server = Imap(drafts=drafts, plugins=plugins)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
