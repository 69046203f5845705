"""The fictional partnership: its partners and the communes where they work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Commune:
    """Where people live. `teryt` is the commune's code WWPPGGR in voivodeship 26."""

    city: str
    teryt: str
    postal_code: str
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Partner:
    """`share` of the participants, in per cent; `file_prefix` begins its file numbers."""

    id: str
    name: str
    file_prefix: str
    institution: str
    communes: tuple[Commune, ...]
    share: int


_TOWN_STREETS = (
    "Polna",
    "Leśna",
    "Słoneczna",
    "Krótka",
    "Szkolna",
    "Ogrodowa",
    "Lipowa",
    "Żeromskiego",
    "Piłsudskiego",
    "Świętokrzyska",
    "1 Maja",
    "Źródlana",
)
KIELCE = Commune("Kielce", "2661011", "25-001", _TOWN_STREETS)
OSTROWIEC = Commune("Ostrowiec Świętokrzyski", "2607011", "27-400", _TOWN_STREETS)
STARACHOWICE = Commune("Starachowice", "2611011", "27-200", _TOWN_STREETS)
SKARZYSKO = Commune("Skarżysko-Kamienna", "2610011", "26-110", _TOWN_STREETS)
SANDOMIERZ = Commune("Sandomierz", "2609011", "27-600", _TOWN_STREETS)
KONSKIE = Commune("Końskie", "2605034", "26-200", _TOWN_STREETS)
BUSKO = Commune("Busko-Zdrój", "2601014", "28-100", _TOWN_STREETS)
BIELINY = Commune("Bieliny", "2604012", "26-004", ("Partyzantów", "Kielecka", "Żeromskiego"))
BODZENTYN = Commune("Bodzentyn", "2604024", "26-010", ("Kielecka", "Wolności", "Suchedniowska"))

PARTNERS: tuple[Partner, ...] = (
    Partner("fundacja-prog", "Fundacja Nowy Próg", "FNP", "ngo", (KIELCE, BIELINY), 24),
    Partner("mops-kamienna", "Ośrodek Pomocy nad Kamienną", "OPK", "social_service", (SKARZYSKO, STARACHOWICE), 22),
    Partner("pup-lysogory", "Urząd Pracy Łysogóry", "UPL", "public_institution", (KIELCE, BODZENTYN), 18),
    Partner("stow-hutnik", "Stowarzyszenie Hutnik", "SH", "ngo", (OSTROWIEC,), 14),
    Partner("gmina-wzgorza", "Gmina Wzgórza", "GW", "local_government", (SANDOMIERZ, BUSKO), 12),
    Partner("centrum-most", "Centrum Integracji Most", "CIM", "social_service", (KONSKIE,), 10),
)  # fmt: skip
LEAD = PARTNERS[0]
