"""Enterprises, from the founding group to the closing."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.kasa.operations import enterprises as kasa

ENTERPRISE = "/enterprises/{enterprise_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(kasa.REGISTER_ENTERPRISE, "/enterprises", "/enterprises/{id}", "Take up an enterprise"),
    query(kasa.LIST_ENTERPRISES, "/enterprises", "List enterprises"),
    query(kasa.GET_ENTERPRISE, ENTERPRISE, "Read an enterprise", names=True),
    command(kasa.SET_IDENTIFIERS, f"{ENTERPRISE}/identifiers", "Set numbers in registers", "PUT"),
    command(kasa.ADD_FOUNDER, f"{ENTERPRISE}/founders", "Add a founder"),
    command(
        kasa.REMOVE_FOUNDER,
        f"{ENTERPRISE}/founders/{{member_id}}/removal",
        "Record that a founder withdrew",
    ),
    query(kasa.CHECK_FOUNDING, f"{ENTERPRISE}/founding", "Read what the group lacks to found"),
    command(kasa.FOUND_ENTERPRISE, f"{ENTERPRISE}/founding", "Record the entry in the register"),
    command(kasa.ADMIT_MEMBER, f"{ENTERPRISE}/members", "Admit a member"),
    command(
        kasa.RECORD_MEMBER_LEFT,
        f"{ENTERPRISE}/members/{{member_id}}/departure",
        "Record that a member left",
    ),
    command(kasa.CREATE_JOB_PLACE, f"{ENTERPRISE}/places", "Record a new job place"),
    command(
        kasa.LOSE_JOB_PLACE, f"{ENTERPRISE}/places/{{place_id}}/loss", "Record a lost job place"
    ),
    command(kasa.GRANT_STATUS, f"{ENTERPRISE}/status", "Record the status of a social enterprise"),
    command(
        kasa.WITHDRAW_STATUS,
        f"{ENTERPRISE}/status/withdrawal",
        "Record that the status was withdrawn",
    ),
    command(kasa.CLOSE_ENTERPRISE, f"{ENTERPRISE}/closing", "Close an enterprise"),
    query(kasa.LIST_DUTIES, "/duties", "List what the law asks of young enterprises, and by when"),
)
