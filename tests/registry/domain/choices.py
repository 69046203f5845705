"""What the machine of lifecycles chooses from."""

from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from shared.contracts.registry.vocabulary import (
    Education,
    IdentityData,
    Kind,
    LabourStatus,
    MonitoringData,
    PersonalData,
    Situation,
)
from tests.registry.domain.people import RULES

START: Final = date(2023, 8, 1)
DAY: Final = timedelta(1)
POINTS: Final = {
    kind: {code: c.maximum - 3 for code, c in RULES.criteria[kind].on(START).criteria.items()}
    for kind in Kind
}

actors = st.sampled_from(["oidc|ala", "oidc|ola", "oidc|ula"])
steps = st.one_of(
    st.integers(0, 6),
    st.sampled_from([-1, 27, 28, 29, 181, 182, 183, 184, 185, 210, 214, 215]),
).map(timedelta)
points = st.one_of(
    st.sampled_from([*POINTS.values()]),
    st.dictionaries(st.sampled_from(["motivation", "looks"]), st.integers(-5, 45)),
)
situations = st.builds(Situation, labour_status=st.sampled_from(LabourStatus))
changes = st.one_of(
    st.builds(
        lambda education, labour_status: PersonalData(
            monitoring=MonitoringData(education=education, labour_status=labour_status)
        ),
        st.sampled_from([None, *Education]),
        st.sampled_from([None, *LabourStatus]),
    ),
    st.builds(
        lambda pesel: PersonalData(identity=IdentityData(pesel=pesel)),
        st.sampled_from(["44051401359", "44051401358", "00000000000", "85031512344"]),
    ),
)
fields = st.lists(
    st.sampled_from(["/identity/pesel", "/monitoring/education", "/special/grounds"]), max_size=2
).map(tuple)
