"""The whole conformance suite of the `eventsourcing` library, on a real replica set.

Not here: its DCB (dynamic consistency boundary) cases, which are for a second kind of recorder with
its own events and factory that this platform does not use, and its transcoder case, which tests a
transcoder and not the persistence.
"""

import os
from collections.abc import Iterator
from typing import Any
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.tests.application import ApplicationTestCase, ExampleApplicationTestCase
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.tests.projection import (
    AggregateEventCountersProjectionTestCase,
    EventCountersView,
    EventCountersViewTestCase,
    EventSourcedProjectionTestCase,
)
from eventsourcing.utils import Environment
from pymongo import MongoClient
from pymongo.client_session import ClientSession

from shared.eventstore.mongodb import MongoDBFactory
from shared.eventstore.positions import MongoDBTrackingRecorder
from shared.eventstore.recorders import MongoDBApplicationRecorder, MongoDBProcessRecorder
from shared.eventstore.snapshots import MongoDBAggregateRecorder
from shared.runtime.development.mongodb import MongoServer

# Several of the suite's tests drop what they construct without closing it.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed _Client:ResourceWarning"),
    pytest.mark.filterwarnings("default:.log. is deprecated:DeprecationWarning"),  # tested
]


class EmptyDatabases(TestCase):
    """Each test has databases of its own, one for each application that it may construct."""

    @pytest.fixture(autouse=True)
    def _empty_databases(
        self, mongodb: MongoServer, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        name = f"suite_{uuid4().hex[:12]}"
        for key, value in {
            "PERSISTENCE_MODULE": "shared.eventstore.mongodb",
            "MONGODB_URI": mongodb.uri,
            "MONGODB_DATABASE": name,
            "COUNTERS_MONGODB_DATABASE": f"{name}_counters",
            "CREATE_TABLE": "yes",
        }.items():
            monkeypatch.setenv(key, value)
        yield
        with MongoClient[dict[str, Any]](mongodb.uri) as client:
            client.drop_database(name)
            client.drop_database(f"{name}_counters")

    def new_factory(self) -> MongoDBFactory:
        factory = MongoDBFactory(Environment("", dict(os.environ)))
        self.addCleanup(factory.close)
        return factory


class TestAggregateRecorder(EmptyDatabases, AggregateRecorderTestCase):
    def create_recorder(self) -> MongoDBAggregateRecorder:
        return self.new_factory().aggregate_recorder()


class TestApplicationRecorder(
    EmptyDatabases, ApplicationRecorderTestCase[MongoDBApplicationRecorder]
):
    def create_recorder(self) -> MongoDBApplicationRecorder:
        return self.new_factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(EmptyDatabases, TrackingRecorderTestCase):
    def create_recorder(self) -> MongoDBTrackingRecorder:
        return self.new_factory().tracking_recorder()


class TestProcessRecorder(EmptyDatabases, ProcessRecorderTestCase):
    def create_recorder(self) -> MongoDBProcessRecorder:
        return self.new_factory().process_recorder()


class TestNonInterleavingNotificationIDs(EmptyDatabases, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> MongoDBApplicationRecorder:
        return self.new_factory().application_recorder()


class DerivedTrackingRecorder(MongoDBTrackingRecorder):
    pass


class TestInfrastructureFactory(EmptyDatabases, InfrastructureFactoryTestCase[MongoDBFactory]):
    def setUp(self) -> None:
        self.env = Environment("", dict(os.environ))
        super().setUp()

    def expected_factory_class(self) -> type[MongoDBFactory]:
        return MongoDBFactory

    def expected_aggregate_recorder_class(self) -> type[MongoDBAggregateRecorder]:
        return MongoDBAggregateRecorder

    def expected_application_recorder_class(self) -> type[MongoDBApplicationRecorder]:
        return MongoDBApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[MongoDBTrackingRecorder]:
        return MongoDBTrackingRecorder

    def tracking_recorder_subclass(self) -> type[MongoDBTrackingRecorder]:
        return DerivedTrackingRecorder

    def expected_process_recorder_class(self) -> type[MongoDBProcessRecorder]:
        return MongoDBProcessRecorder


class TestExampleApplication(EmptyDatabases, ExampleApplicationTestCase):
    expected_factory_topic = "shared.eventstore.mongodb:MongoDBFactory"


class TestApplication(EmptyDatabases, ApplicationTestCase):
    pass


class CountersView(MongoDBTrackingRecorder, EventCountersView):
    """Counts in one document per kind of event."""

    def get_created_event_counter(self) -> int:
        return self._count("created")

    def get_subsequent_event_counter(self) -> int:
        return self._count("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._increment("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._increment("subsequent", tracking)

    def _count(self, kind: str) -> int:
        counter = self.database["counters"].find_one({"_id": kind})
        return int(counter["n"]) if counter else 0

    def _increment(self, kind: str, tracking: Tracking) -> None:
        def write(session: ClientSession) -> None:
            self.database["counters"].update_one(
                {"_id": kind}, {"$inc": {"n": 1}}, upsert=True, session=session
            )

        self.record(tracking, write)


class TestEventCountersView(EmptyDatabases, EventCountersViewTestCase):
    def construct_event_counters_view(self) -> CountersView:
        view = self.new_factory().tracking_recorder(CountersView)
        assert isinstance(view, CountersView)
        return view


class TestAggregateEventCountersProjection(
    EmptyDatabases, AggregateEventCountersProjectionTestCase
):
    view_class = CountersView


class TestEventSourcedProjection(EmptyDatabases, EventSourcedProjectionTestCase):
    pass


del (
    AggregateEventCountersProjectionTestCase,
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    ApplicationTestCase,
    EventCountersViewTestCase,
    EventSourcedProjectionTestCase,
    ExampleApplicationTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
