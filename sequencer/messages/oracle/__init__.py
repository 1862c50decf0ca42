"""The oracle daemon: follows source chains, attests and imports their message roots."""

from __future__ import annotations

from sequencer.messages.oracle.config import OracleConfig, load_oracle_config
from sequencer.messages.oracle.daemon import OracleDaemon
from sequencer.messages.oracle.route import Mode, Route

__all__ = ["Mode", "OracleConfig", "OracleDaemon", "Route", "load_oracle_config"]
