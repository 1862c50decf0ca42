"""The private key of a daemon: an encrypted keystore file with a password file, or an environment
variable. Never the configuration file; never a log.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from sequencer.errors import ConfigError
from sequencer.toml_section import Section

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class KeySource:
    """Where the key is. Either `environment`, or both files."""

    keystore: Path | None = None
    password_file: Path | None = None
    environment: str | None = None

    @classmethod
    def read(cls, section: Section) -> KeySource:
        """The table [key]: `keystore` and `password_file`, or `environment`."""
        if section.has("environment"):
            if section.has("keystore"):
                raise section.error("environment", "either this or keystore, not both")
            return cls(environment=section.text("environment"))
        return cls(section.path("keystore"), section.path("password_file"))

    def load(self, environment: Mapping[str, str] = os.environ) -> LocalAccount:
        """The account. ConfigError says what is wrong, without a word of the key."""
        if self.environment is not None:
            return _from_environment(self.environment, environment)
        if self.keystore is None or self.password_file is None:
            raise ConfigError("config", "key", "neither a keystore nor an environment variable")
        password = _private_text(self.password_file).rstrip("\r\n")
        try:
            keystore = json.loads(_private_text(self.keystore))
            secret = Account.decrypt(keystore, password)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigError(
                str(self.keystore), "key", f"no keystore that {self.password_file} opens"
            ) from None
        account: LocalAccount = Account.from_key(secret)
        return account


def _from_environment(name: str, environment: Mapping[str, str]) -> LocalAccount:
    text = environment.get(name)
    if not text:
        raise ConfigError("environment", name, "not set; it should hold the private key in hex")
    try:
        account: LocalAccount = Account.from_key(bytes.fromhex(text.strip().removeprefix("0x")))
    except Exception:
        raise ConfigError("environment", name, "holds no private key of 32 bytes in hex") from None
    return account


def _private_text(path: Path) -> str:
    """A file that only its owner can read."""
    try:
        mode = path.stat().st_mode
        if mode & _OTHERS:
            raise ConfigError(
                str(path), "permissions", f"{mode & 0o777:o}: others may use it; chmod 600 it"
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "file", str(error)) from None
