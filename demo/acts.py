"""Commands on things of the fund, as data: by whom, on which day of the demonstration's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.gateway import Login

Json = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One command; `name` is unique among the acts on the same thing, `end` stands behind its path."""

    name: str
    by: Login
    on: date
    end: str
    body: Mapping[str, Any]
    method: str = "POST"


def zlotys(amount: str) -> Json:
    return {"amount": amount, "currency": "PLN"}


def officer(partner: str) -> Login:
    return Login("loan_officer", partner)


def member(partner: str) -> Login:
    """Of the committee."""
    return Login("committee_member", partner)


def subject(login: Login) -> str:
    """Who that is at the development identity provider."""
    return f"{login.role}@{login.partner}"
