"""The trial service's composition root, with a job that shows when a row is done twice."""

import os
import time
from collections.abc import Mapping
from typing import Any

from pymongo import MongoClient

from shared.messaging.publication import Publication
from shared.runtime.follow import Follower
from shared.runtime.jobs import Job, Progress
from shared.runtime.settings import ServiceSettings
from tests.runtime.trial.counting import NO_BROKER, TOTALS, Counting, publish


def number_rows(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Do `rows` steps; each counts how often it was done."""
    settings = ServiceSettings.load("counting")
    with MongoClient[dict[str, Any]](settings.views_uri) as client:
        done = client[settings.views_database]["done"]
        for row in range(job.progress.get("rows", 0), job.input["rows"]):
            done.update_one({"_id": row}, {"$inc": {"times": 1}}, upsert=True)
            progress.report(rows=row + 1, process=os.getpid())
            time.sleep(0.005)
    return {"rows": job.input["rows"]}


def follower(settings: ServiceSettings) -> Follower:
    name = settings.views_database.removesuffix("_views")
    counting = Counting(settings.ledger_uri, name, settings.views_uri)
    publication = Publication(settings.service, counting.history, publish)
    return Follower(
        history=counting.history,
        views=counting.views,
        projections=[TOTALS],
        publication=publication if settings.amqp_uri != NO_BROKER else None,
        jobs={"number_rows": number_rows},
        close=counting.close,
    )
