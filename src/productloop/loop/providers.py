"""Which language model a workspace uses, from its settings. None is the normal case: every report works without one."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.foundation.settings import Settings
from productloop.llm.provider import OpenAICompatible, Provider


def provider_from(settings: Settings, environment: Mapping[str, str]) -> Provider | None:
    """The provider at `provider.address`, or None when no address is set. The key is read from the environment variable the settings name.

    Raises ProviderUnreachable when an address off this machine has no key; nothing is sent before a report asks.
    """
    address = settings.text("provider.address")
    if not address:
        return None
    variable = settings.text("provider.key_variable")
    return OpenAICompatible(address, settings.text("provider.model"), environment.get(variable, ""), variable)
