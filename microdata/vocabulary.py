"""Words in column names, in several languages, and what a column of that name tells."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from microdata.roles import Role


@dataclass(frozen=True, kw_only=True)
class Topic:
    """
    What a column is about.

    Parameters
    ----------
    what : str
        In words, with an article, to follow "it holds".
    role : Role
        The part such a column plays.
    words : str
        Phrases that a name holds as whole words, separated by ``|``; lower case, without accents.
    special_category : str, optional
        Of personal data that GDPR Art. 9 or 10 protects.
    hipaa_class : str, optional
        Letter of the identifier in 45 CFR 164.514(b)(2)(i).
    delicate : str, optional
        Why its disclosure would be serious although no law calls it a special category.
    """

    what: str
    role: Role
    words: str
    special_category: str | None = None
    hipaa_class: str | None = None
    delicate: str | None = None

    def matches(self, name: str) -> bool:
        """Tell whether a name, as `spoken` gives it, holds one of the phrases."""
        return any(f" {phrase.strip()} " in name for phrase in self.words.split("|"))


_D, _Q, _S = Role.DIRECT_IDENTIFIER, Role.QUASI_IDENTIFIER, Role.SENSITIVE

WEIGHT_WORDS = (
    "sample weight|sampling weight|survey weight|design weight|person weight|final weight|fnlwgt|"
    "wgt|wt|pweight|pwgt|weighting|expansion factor|hochrechnungsfaktor|stichprobengewicht|"
    "gewichtung|ponderation|poids de sondage|coefficient de ponderation|factor de expansion|"
    "ponderacion|fattore di espansione|weegfactor|wegingsfactor"
)
HOUSEHOLD_WORDS = (
    "household|household id|hh id|hhid|hid|household number|family id|haushalt|haushalts id|"
    "haushaltsnummer|menage|id menage|foyer|hogar|id hogar|famiglia id|huishouden|huishoudnummer"
)
PERSON_WORDS = (
    "id|pid|mrn|medical record number|nhs number|"
    "uid|uuid|guid|person id|patient id|patientid|patient|subject|subject id|participant|"
    "participant id|respondent|respondent id|case id|caseid|client id|customer id|customer|"
    "member id|user id|userid|student id|pupil id|employee id|employee number|record id|seqn|"
    "kundennummer|personen id|personalnummer|patienten id|patientennummer|matrikelnummer|"
    "identifiant|id patient|matricule|numero client|identificador|id paciente|numero de cliente|"
    "id paziente|matricola|codice paziente|klantnummer|patientnummer|personeelsnummer"
)
# A number or a name of one of these is not that of a person.
ORGANISATION_WORDS = (
    "hospital|clinic|school|store|shop|site|center|centre|company|firm|employer|department|dept|"
    "ward|region|country|city|state|product|item|drug|medication|file|class|group|type|category|"
    "krankenhaus|klinik|schule|firma|abteilung|hopital|ecole|entreprise|empresa|escuela|ziekenhuis|"
    "bedrijf|county|course|visit|event|order|brand"
)

# The first topic that matches is the one that counts, so the narrow ones come first.
TOPICS = (
    Topic(what="an e-mail address", role=_D, hipaa_class="F",
          words="email|e mail|mail|email address|courriel|correo|correo electronico|epost|"
          "e post"),
    Topic(what="a fax number", role=_D, hipaa_class="E", words="fax|telefax|faxnummer"),
    Topic(what="a telephone number", role=_D, hipaa_class="D",
          words="phone|telephone|tel|mobile|cell|cellphone|phone number|telefon|telefonnummer|"
          "handy|mobilnummer|portable|telefono|movil|cellulare|telefoon|telefoonnummer|mobiel"),
    Topic(what="a national identity or social security number", role=_D, hipaa_class="G",
          words="ssn|social security|social security number|national id|nino|"
          "national insurance|sozialversicherungsnummer|svnr|steuer id|steuernummer|nir|"
          "numero de securite sociale|dni|nie|nif|curp|cpf|codice fiscale|bsn|"
          "burgerservicenummer|personnummer|pesel|ahv|ahvn13|tax id|tin|aadhaar"),
    Topic(what="a medical record number", role=_D, hipaa_class="H",
          words="mrn|medical record|medical record number|nhs number|nhs no|fallnummer|"
          "numero de dossier|historia clinica|cartella clinica|patientendossier"),
    Topic(what="a health insurance number", role=_D, hipaa_class="I",
          words="insurance number|insurance id|health plan|beneficiary|policy number|kvnr|"
          "versichertennummer|krankenversicherungsnummer|numero assure|polisnummer"),
    Topic(what="an account or card number", role=_D, hipaa_class="J",
          words="iban|account|account number|bank account|credit card|card number|kontonummer|"
          "kreditkarte|numero de compte|cuenta|numero de cuenta|conto|rekeningnummer"),
    Topic(what="a passport or licence number", role=_D, hipaa_class="K",
          words="passport|passport number|driver license|drivers license|licence number|"
          "license number|ausweisnummer|personalausweis|reisepass|fuhrerschein|passeport|"
          "permis|pasaporte|passaporto|patente|paspoort|rijbewijs"),
    Topic(what="a vehicle's number", role=_D, hipaa_class="L",
          words="vin|license plate|licence plate|number plate|kennzeichen|immatriculation|"
          "matricula|targa|kenteken"),
    Topic(what="a device's number", role=_D, hipaa_class="M",
          words="imei|imsi|mac address|device id|serial number|seriennummer|numero de serie|"
          "cookie|advertising id"),
    Topic(what="an IP address", role=_D, hipaa_class="O", words="ip|ip address|ipv4|ipv6"),
    Topic(what="a web address", role=_D, hipaa_class="N",
          words="url|homepage|website|webseite|site web|twitter|facebook|linkedin|instagram"),
    Topic(what="a biometric mark", role=_D, hipaa_class="P", special_category="biometric/genetic",
          words="fingerprint|biometric|iris|voiceprint|retina|fingerabdruck|empreinte|huella|"
          "impronta|vingerafdruk"),
    Topic(what="a picture of a person", role=_D, hipaa_class="Q",
          words="photo|picture|portrait|foto|lichtbild|selfie|avatar"),
    Topic(what="a street address or an exact place", role=_D, hipaa_class="B",
          delicate="location",
          words="address|street|house number|adresse|anschrift|strasse|str|hausnummer|rue|"
          "direccion|calle|domicilio|indirizzo|adres|straat|latitude|longitude|lat|lon|lng|"
          "gps|breitengrad|langengrad|geolocation|coordinates"),
    Topic(what="the name of a person", role=_D, hipaa_class="A",
          words="name|first name|last name|full name|firstname|lastname|fullname|forename|"
          "surname|given name|family name|maiden name|vorname|nachname|familienname|"
          "geburtsname|nom|prenom|nom de famille|nombre|apellido|apellidos|nome|cognome|"
          "sobrenome|naam|voornaam|achternaam|imie|nazwisko|fornamn|efternamn|username|"
          "user name|login|nickname|benutzername"),
    Topic(what="the sexual orientation or sex life", role=_S,
          special_category="sexual orientation",
          words="sexual orientation|sexuality|orientation|sexuelle orientierung|sex life|"
          "orientation sexuelle|orientacion sexual|orientamento sessuale|seksuele geaardheid"),
    Topic(what="the religion or belief", role=_S, special_category="religion",
          words="religion|belief|faith|denomination|church|konfession|kirche|glaube|croyance|"
          "culte|religione|religie|geloof|kirchensteuer"),
    Topic(what="political views", role=_S, special_category="political",
          words="political|politics|party|vote|voted|political party|political view|partei|"
          "parteizugehorigkeit|wahl|parti|opinion politique|partido|voto|partito|partij|stem"),
    Topic(what="trade union membership", role=_S, special_category="trade union",
          words="union|trade union|union member|union membership|labor union|gewerkschaft|"
          "gewerkschaftsmitglied|syndicat|sindicato|sindacato|vakbond"),
    Topic(what="genetic data", role=_S, special_category="biometric/genetic",
          words="genetic|genotype|dna|genome|snp|mutation|genetisch|genotyp|genetique|genetico"),
    Topic(what="offences or convictions", role=_S, special_category="criminal offences",
          words="criminal|crime|offence|offense|conviction|convicted|arrest|arrests|recidivism|"
          "prison|straftat|vorstrafe|vorstrafen|delit|condamnation|delito|condena|reato|"
          "strafblad"),
    Topic(what="health data", role=_S, special_category="health",
          words="diagnosis|diagnoses|diagnostic|diag|diagnose|disease|illness|condition|"
          "symptom|symptoms|icd|icd9|icd10|comorbidity|health|medical|medication|drug|drugs|"
          "treatment|therapy|procedure|surgery|hiv|aids|cancer|tumor|diabetes|asthma|allergy|"
          "blood|blood type|blood pressure|bmi|cholesterol|glucose|lab|lab result|test result|"
          "mental|depression|special needs|special need|"
          "disability|disabled|handicap|pregnant|pregnancy|smoker|smoking|"
          "alcohol|vaccine|vaccination|krankheit|gesundheit|befund|medikament|behandlung|"
          "therapie|behinderung|schwanger|raucher|diagnostico|maladie|sante|traitement|"
          "medicament|grossesse|fumeur|enfermedad|salud|tratamiento|medicamento|discapacidad|"
          "diagnosi|malattia|salute|farmaco|ziekte|gezondheid|medicatie|behandeling|aandoening"),
    Topic(what="money: pay, wealth or debt", role=_S, delicate="finance",
          words="salary|salary class|income|wage|wages|pay|earnings|bonus|revenue|net worth|"
          "wealth|debt|loan|balance|credit|credit score|amount|payment|price|cost|charges|"
          "benefit|rent|tax|capital gain|capital loss|einkommen|gehalt|lohn|verdienst|schulden|"
          "betrag|kredit|miete|salaire|revenu|revenus|dette|montant|loyer|ingreso|ingresos|"
          "salario|sueldo|deuda|importe|reddito|stipendio|debito|importo|inkomen|loon|salaris|"
          "schuld|bedrag"),
    Topic(what="a mark or an appraisal", role=_S,
          words="grade|grades|gpa|mark|marks|score|exam|test score|performance|rating|"
          "appraisal|note|noten|zensur|bewertung|leistung|nota|calificacion|notes|moyenne|"
          "evaluation|voto esame|cijfer|beoordeling"),
    Topic(what="a date of birth", role=_Q, hipaa_class="C",
          words="dob|birth date|birthdate|date of birth|birthday|birth year|year of birth|"
          "birth month|yob|born|geburtsdatum|geburtstag|geburtsjahr|gebdat|date de naissance|"
          "annee de naissance|naissance|fecha de nacimiento|nacimiento|ano de nacimiento|"
          "data di nascita|nascita|geboortedatum|geboortejaar|fodelsedatum|data urodzenia"),
    Topic(what="a postcode", role=_Q, hipaa_class="B",
          words="zip|zipcode|zip code|zip5|zip3|postcode|post code|postal code|postal|plz|"
          "postleitzahl|code postal|cp|codigo postal|cap|codice postale|postnummer|kod pocztowy"),
    Topic(what="the place where somebody lives or comes from", role=_Q, hipaa_class="B",
          words="city|town|village|municipality|county|district|borough|neighborhood|"
          "neighbourhood|fips|census tract|tract|ort|wohnort|stadt|gemeinde|landkreis|kreis|"
          "bezirk|ville|commune|departement|lieu de naissance|ciudad|municipio|provincia|lugar|"
          "citta|comune|stad|gemeente|woonplaats|birthplace|place of birth|geburtsort|"
          "geboorteplaats"),
    Topic(what="a country, state or region", role=_Q,
          words="country|native country|state|region|province|land|bundesland|pays|etat|pais|"
          "estado|paese|regione|provincie|regio|nationality|citizenship|citizen|"
          "staatsangehorigkeit|nationalitat|nationalite|nacionalidad|nazionalita|cittadinanza|"
          "nationaliteit|immigration|migration|migrationshintergrund"),
    Topic(what="race or ethnic origin", role=_Q, special_category="ethnic origin",
          words="race|ethnicity|ethnic|ethnic group|ethnic origin|ethnie|herkunft|"
          "ethnische herkunft|hautfarbe|origine|origine ethnique|raza|etnia|origen|razza|"
          "etniciteit|afkomst|tribe|caste|skin color"),
    Topic(what="an age", role=_Q,
          words="age|age group|ages|alter|altersgruppe|edad|eta|leeftijd|alder|wiek|idade|"
          "tranche d age"),
    Topic(what="the sex or gender", role=_Q,
          words="sex|gender|geschlecht|sexe|genre|sexo|genero|sesso|genere|geslacht|kon|plec|"
          "male|female"),
    Topic(what="the family situation", role=_Q,
          words="marital|marital status|married|relationship|civil status|children|dependents|"
          "household size|family size|familienstand|kinder|haushaltsgrosse|situation familiale|"
          "etat civil|statut marital|enfants|estado civil|hijos|stato civile|figli|"
          "burgerlijke staat|kinderen"),
    Topic(what="the education", role=_Q,
          words="education|education num|degree|schooling|qualification|school|bildung|"
          "abschluss|schulabschluss|ausbildung|diplome|niveau d etudes|etudes|educacion|"
          "estudios|istruzione|titolo di studio|opleiding|onderwijs"),
    Topic(what="the work", role=_Q,
          words="occupation|job|job title|profession|workclass|work class|employment|employer|"
          "industry|sector|position|title|department|hours per week|beruf|beschaftigung|"
          "arbeitgeber|branche|tatigkeit|emploi|metier|employeur|secteur|poste|ocupacion|"
          "profesion|empleo|trabajo|occupazione|professione|lavoro|beroep|werkgever|functie"),
    Topic(what="a language", role=_Q,
          words="language|mother tongue|sprache|muttersprache|langue|idioma|lengua|lingua|taal|"
          "moedertaal"),
    Topic(what="a visible feature of the body", role=_Q,
          words="height|body weight|weight|weight kg|eye color|hair color|grosse|gewicht|"
          "taille|poids|altura|peso|altezza|lengte"),
    Topic(what="a date on which something happened to the person", role=_Q, hipaa_class="C",
          words="date|admission|admitted|discharge|death|date of death|admission date|"
          "visit date|datum|aufnahme|entlassung|todesdatum|sterbedatum|deces|date d entree|"
          "fecha|ingreso fecha|defuncion|data|decesso|opname|overlijden|timestamp"),
)  # fmt: skip


def spoken(name: str) -> str:
    """
    Return a column name as lower-case words without accents, with a blank at both ends.

    Examples
    --------
    >>> spoken("BirthDate"), spoken("salary-class"), spoken("Prénom")
    (' birth date ', ' salary class ', ' prenom ')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFKD", parted.replace("ß", "ss")).casefold()
    letters = "".join(ch for ch in plain if not unicodedata.combining(ch))
    words = re.findall(r"[^\W_]+", letters)
    return f" {' '.join(words)} "


def topics_of(name: str) -> tuple[Topic, ...]:
    """Return the topics whose words stand in a column name, the one that counts first."""
    words = spoken(name)
    return tuple(topic for topic in TOPICS if topic.matches(words))


def holds_word(name: str, words: str) -> bool:
    """Tell whether a column name holds one of the phrases, separated by ``|``."""
    said = spoken(name)
    return any(f" {phrase} " in said for phrase in words.split("|"))
