"""Retries of failed deliveries: who may, when, with what checks."""

from __future__ import annotations

import pytest
from eth_utils.abi import function_signature_to_4byte_selector

from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import AWAY, HOME, OrmpWorld, make_ormp_world, message_of
from tests.verifier.refusals import reverts
from verifier.chain import ChainRevert, Receipt
from verifier.chain.records import message_argument

WILLING, UNWILLING, BURNING, FLOODING = range(4)
ZERO = "0x" + "0" * 40
# From the call to the application's reading of gasleft: its dispatcher.
DISPATCH_OVERHEAD = 400


@pytest.fixture
def world() -> OrmpWorld:
    """With an application that refuses, and one message to it that failed."""
    world = make_ormp_world()
    world.application = deploy_double(world.away.chain, "MoodyApplication")
    set_mood(world, UNWILLING)
    world.send(b"first", gas_limit=200_000)
    assert outcome(world.relay(), "MessageDispatched") is False
    return world


def set_mood(world: OrmpWorld, mood: int) -> None:
    world.application.transact("setMood", mood, sender=world.away.user)


def outcome(receipt: Receipt, event: str = "MessageRetried") -> bool:
    return bool(receipt.event(event).args["dispatchResult"])


def failed_by_oracle(world: OrmpWorld, index: int = -1) -> bool:
    return world.state(index) == (True, world.away.oracle.address.lower())


def application_call(world: OrmpWorld, function: str, *arguments: object) -> None:
    world.application.transact(
        function, world.away.endpoint.address, *arguments, sender=world.away.user
    )


def test_a_failure_is_kept_with_the_oracle_that_vouched(world: OrmpWorld) -> None:
    assert failed_by_oracle(world)
    set_mood(world, WILLING)
    world.send(b"second")
    world.relay()
    assert world.state() == (True, ZERO)


def test_anybody_retries_and_a_success_is_final(world: OrmpWorld) -> None:
    set_mood(world, WILLING)
    receipt = world.retry()
    assert receipt.event("MessageRetried").args["msgHash"] == world.sent[0].hash()
    assert outcome(receipt) is True
    assert world.state() == (True, ZERO)
    assert world.application.call("received") == 1
    with reverts("NotFailed"):
        world.retry()
    with reverts("AlreadyDelivered"):
        world.relay()
    assert world.application.call("received") == 1


def test_a_failed_retry_can_be_tried_again(world: OrmpWorld) -> None:
    for mood in (UNWILLING, BURNING, FLOODING):
        set_mood(world, mood)
        assert outcome(world.retry()) is False
        assert failed_by_oracle(world)
    set_mood(world, WILLING)
    assert outcome(world.retry()) is True


def test_a_retry_brings_what_the_delivery_brought() -> None:
    world = make_ormp_world()
    world.send(b"payload", gas_limit=0)  # fails: the application gets no gas
    first = world.relay()
    assert outcome(first, "MessageDispatched") is False
    assert outcome(world.retry()) is False  # nor does it at a retry


def test_only_a_failed_message_can_be_retried(world: OrmpWorld) -> None:
    world.send(b"never delivered")
    with reverts("NotFailed"):
        world.retry()
    set_mood(world, WILLING)
    world.relay()
    with reverts("NotFailed"):
        world.retry()


@pytest.mark.parametrize(
    ("position", "value"), [(1, 7), (3, ZERO), (5, ZERO), (6, 199_999), (7, b"firsT"), (7, b"")]
)
def test_an_altered_message_is_another_message(
    world: OrmpWorld, position: int, value: object
) -> None:
    fields = list(message_argument(world.sent[0]))
    fields[position] = value
    set_mood(world, WILLING)
    with reverts("NotFailed"):
        world.away.endpoint.transact("retry", tuple(fields), sender=world.away.user)


def test_an_application_switches_retries_off_and_on(world: OrmpWorld) -> None:
    endpoint, application = world.away.endpoint, world.application
    assert endpoint.call("retryAllowed", application.address) is True
    set_mood(world, WILLING)
    application_call(world, "allowRetries", False)
    assert endpoint.call("retryAllowed", application.address) is False
    with reverts("RetriesRefused"):
        world.retry()
    assert failed_by_oracle(world)
    application_call(world, "allowRetries", True)
    assert outcome(world.retry()) is True


def test_switching_retries_off_leaves_the_choice_of_oracle_and_relayer_alone(
    world: OrmpWorld,
) -> None:
    endpoint, application = world.away.endpoint, world.application
    chosen = ("0x" + "a1" * 20, "0x" + "b2" * 20)
    application_call(world, "choose", *chosen)
    application_call(world, "allowRetries", False)
    assert endpoint.call("getAppConfig", application.address) == chosen
    application_call(world, "choose", ZERO, ZERO)
    assert endpoint.call("retryAllowed", application.address) is False
    event = endpoint.transact("setRetryAllowed", True, sender=world.away.user).event("RetryAllowed")
    assert event.args == {"ua": world.away.user, "allowed": True}


def test_the_oracle_that_vouched_must_still_be_the_applications(world: OrmpWorld) -> None:
    set_mood(world, WILLING)
    application_call(world, "choose", "0x" + "a1" * 20, ZERO)
    with reverts("OracleReplaced"):
        world.retry()
    application_call(world, "choose", world.away.oracle.address, ZERO)
    assert outcome(world.retry()) is True


def test_the_default_oracle_counts_as_the_applications_while_it_chose_none(
    world: OrmpWorld,
) -> None:
    set_mood(world, WILLING)
    side = world.away
    for oracle, refused in (("0x" + "a1" * 20, True), (side.oracle.address, False)):
        side.endpoint.transact("setDefaultConfig", oracle, side.relayer.address, sender=side.owner)
        if refused:
            with reverts("OracleReplaced"):
                world.retry()
    assert outcome(world.retry()) is True


@pytest.mark.parametrize("role", ["own relayer", "default relayer"])
def test_a_target_that_became_a_relayer_is_forbidden(world: OrmpWorld, role: str) -> None:
    set_mood(world, WILLING)
    address = world.application.address
    if role == "own relayer":
        application_call(world, "choose", ZERO, address)
    else:
        defaults = world.away.oracle.address, address
        world.away.endpoint.transact("setDefaultConfig", *defaults, sender=world.away.owner)
    with reverts("ForbiddenTarget"):
        world.retry()


def test_a_retry_on_a_chain_that_was_split_off_is_refused(world: OrmpWorld) -> None:
    set_mood(world, WILLING)
    world.away.chain._state._chain_id = AWAY + 1
    with reverts("WrongDestination"):
        world.retry()
    world.away.chain._state._chain_id = AWAY
    assert outcome(world.retry()) is True


def test_a_retry_takes_no_value(world: OrmpWorld) -> None:
    with reverts("Empty"):
        world.away.endpoint.transact(
            "retry", message_argument(world.sent[0]), sender=world.away.user, value=1
        )


def test_an_under_gassed_retry_changes_nothing(world: OrmpWorld) -> None:
    """Closes in on the smallest retry that calls: even there the application misses nothing."""
    set_mood(world, WILLING)
    wanted = world.sent[0].gas_limit
    too_little, enough = 30_000, wanted + 300_000
    refusals = set()
    while enough - too_little > 10:
        gas_limit = (too_little + enough) // 2
        try:
            receipt = world.retry(gas_limit=gas_limit)
        except ChainRevert as revert:
            refusals.add(revert.name)
            assert failed_by_oracle(world)
            too_little = gas_limit
            continue
        assert outcome(receipt) is True
        assert world.application.call("gasSeen") >= wanted - DISPATCH_OVERHEAD
        enough = gas_limit
        fail_another(world)
    assert "InsufficientGas" in refusals


def fail_another(world: OrmpWorld) -> None:
    """One more failed message, the application willing again."""
    set_mood(world, UNWILLING)
    world.send(b"first", gas_limit=world.sent[0].gas_limit)
    world.relay()
    set_mood(world, WILLING)


def test_flooding_costs_no_more_than_failing(world: OrmpWorld) -> None:
    """A megabyte of revert data is neither copied nor paid for by anybody but the application."""
    set_mood(world, FLOODING)
    world.send(b"first", gas_limit=3_000_000)
    assert outcome(world.relay(), "MessageDispatched") is False
    assert world.retry().gas_used < 2_300_000  # the application's own memory is 2.2 million


# -- calls back into the endpoint --


def plan(world: OrmpWorld, function: str, *arguments: object, value: int = 0) -> None:
    """At each message the application calls this function of the endpoint."""
    endpoint = world.away.endpoint
    arguments = endpoint.address, endpoint.encode(function, *arguments), value
    world.application.transact("plan", *arguments, sender=world.away.user, value=value)


def called(world: OrmpWorld) -> tuple[bool, bytes]:
    """Whether that call succeeded, and the selector of its error if not."""
    application = world.application
    return application.call("calledOk"), application.call("calledRet")[:4]


REENTERED = function_signature_to_4byte_selector("DeliveryReentered()")


@pytest.mark.parametrize("outer", ["recv", "retry"])
@pytest.mark.parametrize("inner", ["recv", "retry"])
def test_no_delivery_or_retry_within_another(world: OrmpWorld, outer: str, inner: str) -> None:
    """Not even by an application that is its own victim's relayer."""
    set_mood(world, WILLING)
    failed = message_argument(world.sent[0])
    plan(world, inner, failed, *([bytes(1088)] if inner == "recv" else []))
    if outer == "recv":
        world.send(b"second", gas_limit=500_000)
        assert outcome(world.relay(), "MessageDispatched") is True
        assert failed_by_oracle(world, 0)
    else:
        world.send(b"second", gas_limit=500_000)
        set_mood(world, UNWILLING)
        world.relay()
        set_mood(world, WILLING)
        assert outcome(world.retry()) is True
        assert failed_by_oracle(world, 0)
    assert called(world) == (False, REENTERED)


@pytest.mark.parametrize("outer", ["recv", "retry"])
def test_an_application_may_send_while_it_receives(world: OrmpWorld, outer: str) -> None:
    set_mood(world, WILLING)
    endpoint, application = world.away.endpoint, world.application
    due = endpoint.call("fee", HOME, application.address, 50_000, b"reply", b"")
    reply = HOME, application.address, 50_000, b"reply", application.address, b""
    plan(world, "send", *reply, value=due)
    world.send(b"second", gas_limit=900_000)
    if outer == "recv":
        receipt = world.relay()
    else:
        set_mood(world, UNWILLING)
        world.relay()
        set_mood(world, WILLING)
        receipt = world.retry()
    message = receipt.event("MessageAccepted").args["message"]
    assert message_of(message).sender == int(application.address, 16)
    assert called(world)[0] is True
    assert endpoint.call("messageCount") == 1
