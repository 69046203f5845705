"""Names as they occur in Poland; no person is meant. Surnames take the form of the bearer's sex."""

# ruff: noqa: SIM905 - a text is read more easily than two hundred quoted words
FEMALE = (
    "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Elżbieta Krystyna Zofia Teresa Danuta "
    "Magdalena Joanna Monika Jadwiga Irena Janina Aleksandra Dorota Jolanta Beata Grażyna Bożena "
    "Iwona Renata Halina Urszula Karolina Natalia Justyna Marta Sylwia Paulina Łucja Weronika "
    "Wiesława Kinga Żaneta Stanisława"
).split()
MALE = (
    "Jan Andrzej Piotr Krzysztof Stanisław Tomasz Paweł Józef Marcin Marek Michał Grzegorz Jerzy "
    "Tadeusz Adam Łukasz Zbigniew Ryszard Dariusz Henryk Mariusz Kazimierz Wojciech Robert Mateusz "
    "Marian Rafał Jacek Janusz Mirosław Maciej Sławomir Jarosław Kamil Wiesław Roman Władysław "
    "Jakub Zdzisław Bogusław"
).split()
SURNAMES = (
    "Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień "
    "Pawlak Sikora Walczak Baran Michalak Szewczyk Ostrowska|Ostrowski Wiśniewska|Wiśniewski "
    "Kowalska|Kowalski Kamińska|Kamiński Lewandowska|Lewandowski Zielińska|Zieliński "
    "Szymańska|Szymański Dąbrowska|Dąbrowski Kozłowska|Kozłowski Jankowska|Jankowski "
    "Wojciechowska|Wojciechowski Kwiatkowska|Kwiatkowski Górska|Górski Rutkowska|Rutkowski "
    "Sobczyńska|Sobczyński Chmielewska|Chmielewski Czarnecka|Czarnecki Głowacka|Głowacki "
    "Zawadzka|Zawadzki Sadowska|Sadowski Bąk Duda Żak Gołąb Łuczak Ćwik Świątek Jędrzejczyk "
    "Gąsior Błaszczyk Kołodziej Szczepaniak Wrona Piątek Źrebiec Madej Janik Cieślak"
).split()

FOREIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "UA": (
        ("Oksana", "Iryna", "Natalia", "Olena"),
        ("Andrij", "Mykoła", "Serhij", "Wołodymyr"),
        ("Szewczenko", "Kowalenko", "Bondarenko", "Melnyk", "Tkaczuk", "Krawczuk"),
    ),
    "BY": (
        ("Swiatłana", "Hanna"),
        ("Alaksandr", "Dzmitry"),
        ("Iwanouska|Iwanouski", "Nawicka|Nawicki", "Kazłouska|Kazłouski"),
    ),
    "GE": (("Nino", "Tamar"), ("Giorgi", "Levan"), ("Beridze", "Kapanadze", "Gelaszwili")),
    "VN": (("Thi Lan", "Thi Hoa"), ("Van Minh", "Van Tuan"), ("Nguyen", "Tran", "Pham")),
}
"""Female names, male names and surnames by citizenship, as Polish offices transcribe them."""


def surname(entry: str, *, female: bool) -> str:
    """The form of a surname: `Kowalska|Kowalski` has two, `Nowak` one."""
    forms = entry.split("|")
    return forms[0] if female else forms[-1]
