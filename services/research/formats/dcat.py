"""What a data portal is told of a publication: DCAT-AP 3.0 as JSON-LD."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import rfc8785

from services.research.formats.publication import LICENCES, Publication
from shared.contracts.research.vocabulary.diagnoses import PublishedFile

CONTEXT: Final[Mapping[str, Any]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "locn": "http://www.w3.org/ns/locn#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
FILE_TYPES: Final[Mapping[str, str]] = {
    "text/csv": "CSV",
    "application/xml": "XML",
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/svg+xml": "SVG",
}
LANGUAGES: Final = (("pl", "POL"), ("en", "ENG"))


def dcat_jsonld(publication: Publication, files: Iterable[PublishedFile], address: str) -> bytes:
    """`address` is where the diagnosis is found; each file lies under it by its name.

    Mandatory of the profile are the dataset's title and description, the access address of each
    distribution, and the name of each agent. Canonical JSON (RFC 8785).
    """
    return rfc8785.dumps(_dataset(publication, files, address.rstrip("/"))) + b"\n"


def _dataset(
    publication: Publication, files: Iterable[PublishedFile], address: str
) -> dict[str, Any]:
    contents = publication.contents
    return {
        "@context": dict(CONTEXT),
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": _texts(contents.title.pl, contents.title.en),
        "dct:description": _texts(contents.summary_pl, contents.summary_en),
        "dct:identifier": publication.identifier,
        "dcat:version": str(contents.report_version),
        "dct:issued": _typed(publication.published_on.isoformat(), "date"),
        "dct:publisher": _publisher(publication),
        "dcat:contactPoint": _contact(publication),
        "dcat:keyword": [
            {"@language": language, "@value": word}
            for language, words in (
                ("pl", publication.keywords_pl),
                ("en", publication.keywords_en),
            )
            for word in words
        ],
        "dcat:theme": [{"@id": f"{AUTHORITY}/data-theme/SOCI"}],
        "dct:language": [{"@id": f"{AUTHORITY}/language/{code}"} for _, code in LANGUAGES],
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dct:spatial": [
            {
                "@type": "dct:Location",
                "dct:identifier": teryt,
                "locn:geographicName": {"@language": "pl", "@value": publication.commune(teryt)},
            }
            for teryt in contents.territory
        ],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(publication.first_day.isoformat(), "date"),
            "dcat:endDate": _typed(publication.last_day.isoformat(), "date"),
        },
        "dcat:distribution": [_distribution(publication, each, address) for each in files],
    }


def _publisher(publication: Publication) -> dict[str, Any]:
    publisher = publication.publisher
    return {
        "@type": "foaf:Agent",
        "foaf:name": _texts(publisher.name.pl, publisher.name.en),
        "foaf:homepage": {"@id": str(publisher.homepage)},
    }


def _contact(publication: Publication) -> dict[str, Any]:
    publisher = publication.publisher
    return {
        "@type": "vcard:Organization",
        "vcard:fn": publisher.contact_name,
        "vcard:hasEmail": {"@id": f"mailto:{publisher.contact_email}"},
    }


def _distribution(publication: Publication, file: PublishedFile, address: str) -> dict[str, Any]:
    where = f"{address}/{file.name}"
    _, licence = LICENCES[publication.licence]
    return {
        "@id": where,
        "@type": "dcat:Distribution",
        "dct:title": _texts(file.name, file.name),
        "dcat:accessURL": {"@id": where},
        "dcat:downloadURL": {"@id": where},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{file.media_type}"
        },
        "dct:format": {"@id": f"{AUTHORITY}/file-type/{FILE_TYPES[file.media_type]}"},
        "dct:license": {"@id": licence},
        "dcat:byteSize": _typed(str(file.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.digest, "hexBinary"),
        },
    }


def _texts(polish: str, english: str) -> list[dict[str, str]]:
    return [{"@language": "pl", "@value": polish}, {"@language": "en", "@value": english}]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}
