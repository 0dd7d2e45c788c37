"""Lists of values that tell what a column holds: names of people, words of special categories."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.vocabulary import spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A column of names by its values alone: by rows, by distinct values, and enough of them.
_NAMES_BY_ROWS = 0.2
_NAMES_BY_VALUES = 0.05
_FEWEST_NAMES = 20
_MOST_WORDS = 5
_LONGEST_NAME = 80

_CATEGORY_BY_ROWS = 0.5
_FEWEST_CATEGORY_VALUES = 2
_LONGEST_CATEGORY = 200
MOST_CATEGORY_VALUES = 2_000
"""A column of more distinct values is not compared with the words of special categories."""

# What is also a colour, a calling, a place, a month or another plain word is left out, so that
# "White" and "Black" make no column of surnames.
_GIVEN_NAMES = (
    "james john robert michael david william richard joseph thomas charles christopher daniel "
    "matthew anthony donald steven andrew kenneth joshua kevin brian timothy ronald jason edward "
    "jeffrey ryan jacob nicholas gary eric jonathan stephen larry justin scott brandon benjamin "
    "samuel gregory alexander patrick raymond jack dennis jerry tyler aaron jose adam nathan henry "
    "douglas zachary peter kyle noah ethan jeremy walter christian keith roger terry austin sean "
    "gerald carl harold dylan arthur lawrence jesse bryan billy bruce gabriel joe logan alan juan "
    "albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene "
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty "
    "sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie "
    "rebecca laura helen sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole "
    "samantha katherine christine debra rachel carolyn janet maria heather diane olivia julie "
    "joyce kelly lauren christina joan evelyn judith andrea hannah megan cheryl jacqueline martha "
    "madison teresa sara janice ann kathryn abigail sophia frances jean alice judy isabella julia "
    "denise amber danielle marilyn beverly theresa sophie doris kayla alexis lori marie "
    "hans peter klaus jurgen wolfgang dieter manfred uwe gunther horst helmut heinz werner stefan "
    "andreas markus matthias jens lukas leon finn jonas felix ursula monika petra sabine renate "
    "helga brigitte ingrid erika gisela claudia susanne heike anja katrin lena leonie mia "
    "jean pierre jacques philippe nicolas laurent julien olivier francois guillaume sebastien "
    "nathalie isabelle sylvie catherine francoise monique valerie sandrine celine camille manon "
    "antonio manuel francisco carlos luis javier miguel angel pedro alejandro fernando pablo "
    "sergio jorge carmen josefa isabel dolores pilar cristina lucia marta elena mercedes rosario "
    "giuseppe giovanni mario luigi francesco andrea marco roberto paolo giulia chiara francesca "
    "alessandra jan piet willem johan cornelis hendrik anneke johanna wilhelmina bjorn lars erik "
    "anders karin astrid birgit ivan dmitri sergei alexei natalia olga tatiana svetlana ali ahmed "
    "mohammed muhammad mohamed fatima aisha omar hassan ibrahim yusuf mehmet mustafa ayse wei li "
    "hiroshi yuki priya raj amit sanjay anil sunita"
)
_SURNAMES = (
    "smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez "
    "wilson anderson thomas taylor moore jackson martin lee perez thompson harris sanchez clark "
    "ramirez lewis robinson walker allen wright scott torres nguyen flores adams nelson rivera "
    "campbell mitchell carter roberts gomez phillips evans turner diaz edwards collins stewart "
    "morris morales murphy rogers gutierrez ortiz morgan peterson bailey reed kelly howard ramos "
    "kim cox richardson watson brooks chavez wood bennett mendoza ruiz hughes alvarez castillo "
    "sanders patel myers ross foster jimenez powell jenkins perry russell sullivan bell coleman "
    "butler henderson barnes gonzales fisher vasquez simmons romero patterson hamilton graham "
    "reynolds griffin wallace moreno hayes bryant herrera gibson ellis tran medina aguilar stevens "
    "murray castro marshall owens harrison fernandez mcdonald kennedy wells vargas henry chen "
    "freeman webb tucker guzman burns crawford olson simpson porter gordon mendez silva shaw "
    "snyder mason dixon munoz hicks holmes palmer wagner robertson boyd salazar mills meyer "
    "schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn "
    "kelley spencer hawkins arnold pierce vazquez hansen peters santos hart bradley knight "
    "muller mueller schneider fischer weber becker schulz hoffmann schafer koch bauer richter "
    "klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange schmitt "
    "werner schmitz krause meier lehmann schmid schulze maier kohler herrmann walter konig mayer "
    "huber kaiser fuchs scholz moller lang jung hahn schubert vogel friedrich gunther keller "
    "bernard dubois durand moreau laurent simon michel lefebvre leroy roux bertrand morel fournier "
    "girard bonnet dupont lambert fontaine rousseau blanc guerin faure rossi russo ferrari "
    "esposito bianchi romano colombo ricci marino greco bruno gallo conti costa giordano mancini "
    "rizzo lombardi moretti jong jansen vries berg bakker janssen visser smit meijer mulder bos "
    "vos dijkstra hendriks dekker dijk nielsen jensen hansen pedersen larsen sorensen rasmussen "
    "johansson andersson karlsson nilsson eriksson larsson olsson ivanov petrov smirnov kuznetsov "
    "novak kowalski nowak horvat popescu khan ahmed hussain singh kumar sharma gupta wang zhang "
    "liu yang huang zhao tanaka suzuki sato watanabe yamamoto nakamura kobayashi park choi"
)
COMMON_NAMES = frozenset(f"{_GIVEN_NAMES} {_SURNAMES}".split())
"""Given names and surnames, lower case, without accents."""


@dataclass(frozen=True, kw_only=True)
class ValueTopic:
    """
    Words by which the values of a special category are known.

    Parameters
    ----------
    special_category : str
        Of personal data that GDPR Art. 9 or 10 protects.
    what : str
        In words, with an article.
    words : str
        Phrases that tell, separated by ``|``; lower case, without accents.
    beside : str
        Values that tell nothing alone and count where others tell: "white" is also a colour.
    """

    special_category: str
    what: str
    words: str
    beside: str = "other|none|unknown|not known|no answer"

    def hits(self, said: Sequence[str]) -> NDArray[np.bool_]:
        """Return which values, as `spoken` gives them, are of the category; none on chance."""
        phrases = [f" {phrase} " for phrase in self.words.split("|")]
        tells = np.array([any(phrase in text for phrase in phrases) for text in said], bool)
        if int(tells.sum()) < _FEWEST_CATEGORY_VALUES:
            return np.zeros(len(said), bool)
        beside = {f" {phrase} " for phrase in self.beside.split("|")}
        counted: NDArray[np.bool_] = tells | np.array([text in beside for text in said], bool)
        return counted


VALUE_TOPICS = (
    ValueTopic(special_category="ethnic origin", what="ethnic origins",
               words="asian|hispanic|latino|latina|african american|afro caribbean|caucasian|"
               "native american|american indian|amer indian|pacific islander|pac islander|"
               "pakistani|bangladeshi|roma|sinti|arab|mestizo|mixed race|two or more races|"
               "white british|black african|black caribbean|indigenous|inuit|aboriginal",
               beside="white|black|mixed|other|unknown|not known|no answer"),
    ValueTopic(special_category="religion", what="religions or beliefs",
               words="catholic|roman catholic|protestant|lutheran|anglican|baptist|methodist|"
               "muslim|islam|jewish|judaism|hindu|hinduism|buddhist|buddhism|sikh|christian|"
               "christianity|mormon|atheist|agnostic|katholisch|evangelisch|muslimisch|judisch|"
               "catholique|musulman|catolico|musulmano|cattolico",
               beside="orthodox|none|no religion|other|unknown|not known|no answer"),
    ValueTopic(special_category="political", what="political parties or views",
               words="democrat|democrats|democratic party|republican|republicans|libertarian|"
               "social democrat|christian democrat|socialist|communist|conservative party|"
               "labour party|green party|liberal democrats|cdu|csu|spd|fdp|afd|pvda|vvd",
               beside="independent|conservative|liberal|labour|green|none|other|no answer"),
    ValueTopic(special_category="trade union", what="trade union membership",
               words="union member|trade union member|not a union member|non union|unionised|"
               "gewerkschaftsmitglied|syndique|sindicalizado"),
    ValueTopic(special_category="sexual orientation", what="sexual orientations",
               words="heterosexual|homosexual|bisexual|lesbian|gay|asexual|pansexual|"
               "heterosexuell|homosexuell|bisexuell|hetero|homosexuel|heterosexuel",
               beside="straight|queer|other|unknown|no answer"),
    ValueTopic(special_category="criminal offences", what="offences",
               words="felony|misdemeanor|burglary|robbery|larceny|manslaughter|drug possession|"
               "aggravated assault|probation violation|einbruch|diebstahl"),
    ValueTopic(special_category="health", what="illnesses or injuries",
               words="disease|infection|cancer|carcinoma|diabetes|asthma|hypertension|influenza|"
               "flu|pneumonia|depression|hiv|aids|hepatitis|tuberculosis|stroke|fracture|"
               "concussion|fibrillation|schizophrenia|epilepsy|migraine|arthritis|copd|covid|"
               "covid 19|obesity|anaemia|anemia|dementia|alzheimer|parkinson|angina|bronchitis|"
               "gastritis|appendicitis|dyspepsia|infarction|sepsis|syndrome|anxiety disorder|"
               "krebs|herzinfarkt|schlaganfall|grippe|lungenentzundung|diabete|cancro|infarto"),
)  # fmt: skip


def name_hits(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which values are a few words of which one is a common name."""
    return np.array([_holds_name(text) for text in texts], bool)


def name_share(hits: NDArray[np.bool_], frequencies: NDArray[np.int64]) -> float | None:
    """
    Return the share of rows that hold a common name, where the values read as names of people.

    A column reads so by rows and by distinct values and only with enough distinct names: five
    values are no list of surnames, however many people are called like one of them.

    Parameters
    ----------
    hits : bool[m]
        Of each value, as `name_hits` gives them.
    frequencies : int64[m]
        Rows that hold each.
    """
    used = frequencies > 0
    number = int((hits & used).sum())
    if number < _FEWEST_NAMES or number < _NAMES_BY_VALUES * int(used.sum()):
        return None
    share = float(frequencies[hits].sum()) / float(frequencies.sum())
    return share if share >= _NAMES_BY_ROWS else None


def _holds_name(text: str) -> bool:
    if len(text) > _LONGEST_NAME:
        return False
    plain = "".join(
        ch for ch in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(ch)
    )
    words = plain.replace(",", " ").replace("-", " ").split()
    if not 0 < len(words) <= _MOST_WORDS or any(ch.isdigit() for ch in plain):
        return False
    return not COMMON_NAMES.isdisjoint(words)


def category_hits(texts: Sequence[str]) -> tuple[tuple[ValueTopic, NDArray[np.bool_]], ...]:
    """Return the special categories that values are of, with the values; none for long lists."""
    if len(texts) > MOST_CATEGORY_VALUES:
        return ()
    said = [spoken(text[:_LONGEST_CATEGORY]) for text in texts]
    found = ((topic, topic.hits(said)) for topic in VALUE_TOPICS)
    return tuple((topic, hits) for topic, hits in found if hits.any())


def category_share(
    found: Sequence[tuple[ValueTopic, NDArray[np.bool_]]], frequencies: NDArray[np.int64]
) -> tuple[ValueTopic, float] | None:
    """Return the first special category that most rows' values are of, with the share of rows."""
    total = max(1, int(frequencies.sum()))
    for topic, hits in found:
        share = float(frequencies[hits].sum()) / total
        if share >= _CATEGORY_BY_ROWS:
            return topic, share
    return None
