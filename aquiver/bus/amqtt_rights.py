"""The rights of each account, as amqtt asks for them. Loaded by amqtt, by name."""

from dataclasses import dataclass, field

from amqtt.plugins.topic_checking import TopicAccessControlListPlugin

from aquiver.bus.rights import RIGHTS, topics_heard, topics_said


def _said() -> dict[str, list[str]]:
    return {account: topics_said(account) for account in RIGHTS}


def _heard() -> dict[str, list[str]]:
    return {account: topics_heard(account) for account in RIGHTS}


class AmqttRights(TopicAccessControlListPlugin):  # type: ignore[misc]  # amqtt is not typed
    """Hold everyone to what is theirs; amqtt's own settings for it lack what may be heard."""

    @dataclass
    class Config:
        """Topic filters by account; amqtt looks the lists up under these names."""

        publish_acl: dict[str, list[str]] = field(default_factory=_said)
        subscribe_acl: dict[str, list[str]] = field(default_factory=_heard)
        receive_acl: dict[str, list[str]] = field(default_factory=_heard)
