"""What schools record of pupils for the census: ethnicity, first language and SEN, by DfE's codes.

Source: DfE, Common Basic Data Set (ethnicity's main and extended codes, language codes, SEN
provision). These are special categories of personal data; a school decides which of them it keeps.
"""

from __future__ import annotations

import re

__all__ = [
    "ETHNICITIES",
    "LANGUAGES",
    "SEN_PROVISIONS",
    "ethnicity_code",
    "is_eal",
    "language_code",
    "main_ethnicity",
    "sen_provision",
]

_MAIN = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "Any other Asian background",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "Any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "Prefer not to say",
    "NOBT": "Not yet obtained",
}
_EXTENDED = {
    "WBRI": {
        "WCOR": "Cornish",
        "WENG": "English",
        "WSCO": "Scottish",
        "WWEL": "Welsh",
        "WOWB": "other White British",
    },
    "WOTH": {
        "WALB": "Albanian",
        "WBOS": "Bosnian-Herzegovinian",
        "WCRO": "Croatian",
        "WGRE": "Greek or Greek Cypriot",
        "WGRK": "Greek",
        "WGRC": "Greek Cypriot",
        "WITA": "Italian",
        "WKOS": "Kosovan",
        "WPOR": "Portuguese",
        "WSER": "Serbian",
        "WTUR": "Turkish or Turkish Cypriot",
        "WTUK": "Turkish",
        "WTUC": "Turkish Cypriot",
        "WEUR": "White European",
        "WEEU": "White Eastern European",
        "WWEU": "White Western European",
        "WOTW": "White other",
    },
    "MWAS": {
        "MWAP": "White and Pakistani",
        "MWAI": "White and Indian",
        "MWAO": "White and any other Asian background",
    },
    "APKN": {
        "AMPK": "Mirpuri Pakistani",
        "AKPA": "Kashmiri Pakistani",
        "AOPK": "other Pakistani",
    },
    "AOTH": {
        "AAFR": "African Asian",
        "AKAO": "Kashmiri, other",
        "ANEP": "Nepali",
        "ASLT": "Sri Lankan Tamil",
        "ASRO": "Sri Lankan, other",
        "AOTA": "other Asian",
    },
    "BAFR": {
        "BANN": "Angolan",
        "BCON": "Congolese",
        "BGHA": "Ghanaian",
        "BNGN": "Nigerian",
        "BSLN": "Sierra Leonean",
        "BSOM": "Somali",
        "BSUD": "Sudanese",
        "BAOF": "other Black African",
    },
    "BOTH": {"BEUR": "Black European", "BNAM": "Black North American", "BOTB": "other Black"},
    "CHNE": {"CHKC": "Hong Kong Chinese", "COCH": "other Chinese"},
    "OOTH": {
        "OAFG": "Afghan",
        "OARA": "Arab, other",
        "OEGY": "Egyptian",
        "OFIL": "Filipino",
        "OIRN": "Iranian",
        "OIRQ": "Iraqi",
        "OJPN": "Japanese",
        "OKOR": "Korean",
        "OKRD": "Kurdish",
        "OLAM": "Latin, South or Central American",
        "OLEB": "Lebanese",
        "OLIB": "Libyan",
        "OMAL": "Malay",
        "OMRC": "Moroccan",
        "OPOL": "Polynesian",
        "OTHA": "Thai",
        "OVIE": "Vietnamese",
        "OYEM": "Yemeni",
        "OOEG": "other ethnic group",
    },
}
_MAIN_OF = {code: main for main, codes in _EXTENDED.items() for code in codes}

ETHNICITIES: dict[str, str] = _MAIN | {
    code: f"{_MAIN[main]}: {label}"
    for main, codes in _EXTENDED.items()
    for code, label in codes.items()
}
"""Code → what it is called; the main codes first."""

SEN_PROVISIONS: dict[str, str] = {
    "N": "No special educational need",
    "K": "SEN support",
    "E": "Education, health and care plan",
}
_FORMER_SEN_PROVISIONS = {"A": "K", "P": "K", "Q": "K", "S": "E"}

_ENGLISH = frozenset({"ENG", "ENB"})
_UNKNOWN_LANGUAGE = frozenset({"NOT", "REF"})
LANGUAGES: dict[str, str] = {
    "ENG": "English",
    "ENB": "Believed to be English",
    "OTH": "Other than English",
    "OTB": "Believed to be other than English",
    "NOT": "Not obtained",
    "REF": "Refused",
    "AKA": "Akan, Twi or Fante",
    "ALB": "Albanian",
    "AMR": "Amharic",
    "ARA": "Arabic",
    "ARM": "Armenian",
    "BEN": "Bengali",
    "BSL": "British Sign Language",
    "BUL": "Bulgarian",
    "CHI": "Chinese",
    "CZE": "Czech",
    "DAN": "Danish",
    "DUT": "Dutch or Flemish",
    "EST": "Estonian",
    "FIN": "Finnish",
    "FRN": "French",
    "GER": "German",
    "GRE": "Greek",
    "GUJ": "Gujarati",
    "HAU": "Hausa",
    "HEB": "Hebrew",
    "HIN": "Hindi",
    "HUN": "Hungarian",
    "IGB": "Igbo",
    "ITA": "Italian",
    "JPN": "Japanese",
    "KOR": "Korean",
    "KUR": "Kurdish",
    "LIN": "Lingala",
    "LIT": "Lithuanian",
    "LTV": "Latvian",
    "MAR": "Marathi",
    "MLM": "Malayalam",
    "NEP": "Nepali",
    "PAT": "Pashto",
    "PNJ": "Panjabi",
    "POL": "Polish",
    "POR": "Portuguese",
    "PRS": "Persian or Farsi",
    "RMN": "Romanian",
    "RUS": "Russian",
    "SHO": "Shona",
    "SLO": "Slovak",
    "SNH": "Sinhala",
    "SOM": "Somali",
    "SPA": "Spanish",
    "SWA": "Swahili",
    "SWE": "Swedish",
    "TAM": "Tamil",
    "TEL": "Telugu",
    "TGL": "Tagalog or Filipino",
    "TGR": "Tigrinya",
    "THA": "Thai",
    "TUR": "Turkish",
    "UKR": "Ukrainian",
    "URD": "Urdu",
    "VIE": "Vietnamese",
    "WEL": "Welsh",
    "YOR": "Yoruba",
}
"""The codes that say whether it is English, then the languages most heard in schools. DfE has some
three hundred; any code of their form is kept, and one without a name here is shown as it is."""
_LANGUAGE_FORM = re.compile(r"[A-Z]{3,4}")


def ethnicity_code(text: str) -> str | None:
    """The code, if it is one of DfE's, main or extended; its case and spaces are forgiven."""
    code = _plain(text)
    return code if code in ETHNICITIES else None


def main_ethnicity(code: str) -> str:
    """The main code that an extended one belongs to, by which figures are made."""
    return _MAIN_OF.get(code, code)


def language_code(text: str) -> str | None:
    """The code, if it has the form of one: three letters, with a dialect four."""
    code = _plain(text)
    return code if _LANGUAGE_FORM.fullmatch(code) else None


def sen_provision(text: str) -> str | None:
    """The code of today. School Action (A, P, Q) became SEN support, a statement (S) a plan."""
    code = _plain(text)
    code = _FORMER_SEN_PROVISIONS.get(code, code)
    return code if code in SEN_PROVISIONS else None


def is_eal(language: str | None) -> bool | None:
    """Whether English is an additional language, by the first; `None` where that is not known.

    A school that knows only yes or no records `OTB` or `ENB`: believed to be, or not, English.
    """
    if language is None or language in _UNKNOWN_LANGUAGE:
        return None
    return language not in _ENGLISH


def _plain(text: str) -> str:
    return "".join(text.split()).upper()
