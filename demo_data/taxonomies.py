"""The value lists of the demo tables, in their meaningful order, with the groups above them."""

from __future__ import annotations

from typing import NamedTuple

SEXES = ("F", "M")

# value: (level 1,); the rows stand in the order of a life
MARITAL_STATUS = {
    "Single": ("Without a partner",),
    "Married": ("With a partner",),
    "Registered partnership": ("With a partner",),
    "Separated": ("Without a partner",),
    "Divorced": ("Without a partner",),
    "Widowed": ("Without a partner",),
}

# value: (level 1, level 2)
OCCUPATION = {
    "Preschool child": ("School or younger", "In education"),
    "School pupil": ("School or younger", "In education"),
    "Student": ("In training", "In education"),
    "Apprentice": ("In training", "In education"),
    "Nurse": ("Health and care", "In work"),
    "Physician": ("Health and care", "In work"),
    "Care assistant": ("Health and care", "In work"),
    "Teacher": ("Public service", "In work"),
    "Police officer": ("Public service", "In work"),
    "Civil servant": ("Public service", "In work"),
    "Office clerk": ("Office", "In work"),
    "Accountant": ("Office", "In work"),
    "Manager": ("Office", "In work"),
    "Engineer": ("Technical", "In work"),
    "Programmer": ("Technical", "In work"),
    "Electrician": ("Technical", "In work"),
    "Bricklayer": ("Manual", "In work"),
    "Warehouse worker": ("Manual", "In work"),
    "Driver": ("Manual", "In work"),
    "Farmer": ("Manual", "In work"),
    "Shop assistant": ("Sales and service", "In work"),
    "Cook": ("Sales and service", "In work"),
    "Hairdresser": ("Sales and service", "In work"),
    "Homemaker": ("At home", "Not in work"),
    "Unemployed": ("At home", "Not in work"),
    "Retired": ("Retired", "Not in work"),
}

# how often each sex holds an occupation between training and retirement
WORKING_AGE = {
    "F": {
        "Nurse": 9, "Physician": 2, "Care assistant": 7, "Teacher": 7, "Police officer": 1,
        "Civil servant": 7, "Office clerk": 14, "Accountant": 4, "Manager": 4, "Engineer": 1.5,
        "Programmer": 2, "Electrician": 0.2, "Bricklayer": 0.1, "Warehouse worker": 3,
        "Driver": 0.6, "Farmer": 1, "Shop assistant": 12, "Cook": 4, "Hairdresser": 4,
        "Homemaker": 9, "Unemployed": 6,
    },
    "M": {
        "Nurse": 2, "Physician": 2, "Care assistant": 2, "Teacher": 3, "Police officer": 3,
        "Civil servant": 6, "Office clerk": 6, "Accountant": 3, "Manager": 8, "Engineer": 8,
        "Programmer": 7, "Electrician": 7, "Bricklayer": 7, "Warehouse worker": 8, "Driver": 8,
        "Farmer": 2, "Shop assistant": 5, "Cook": 4, "Hairdresser": 0.5, "Homemaker": 0.5,
        "Unemployed": 7,
    },
}  # fmt: skip


class Diagnosis(NamedTuple):
    """A diagnosis: its chapter, how often by age and sex, and what it costs."""

    name: str
    chapter: str
    by_age: tuple[float, float, float, float]  # 0-14, 15-39, 40-64, 65 and over
    female: float
    male: float
    median_cost: int


DIAGNOSES = (
    Diagnosis("Hypertension", "Circulation", (0, 1, 5, 7), 1, 1, 1900),
    Diagnosis("Coronary heart disease", "Circulation", (0, 0.3, 6, 10), 0.6, 1.3, 6800),
    Diagnosis("Heart failure", "Circulation", (0, 0.1, 2, 12), 1, 1, 5400),
    Diagnosis("Atrial fibrillation", "Circulation", (0, 0.3, 3, 8), 0.9, 1.1, 3100),
    Diagnosis("Stroke", "Circulation", (0, 0.3, 3, 8), 1, 1, 8900),
    Diagnosis("Asthma", "Lungs", (7, 3, 1.5, 1), 1, 1, 1700),
    Diagnosis("Bronchitis", "Lungs", (8, 2, 2, 3), 1, 1, 1500),
    Diagnosis("Pneumonia", "Lungs", (6, 1.5, 3, 8), 0.9, 1.1, 4100),
    Diagnosis("Chronic lung disease", "Lungs", (0, 0.1, 3, 6), 0.8, 1.2, 3900),
    Diagnosis("Breast cancer", "Cancer", (0, 0.8, 4, 4), 1.9, 0.02, 9300),
    Diagnosis("Prostate cancer", "Cancer", (0, 0, 2.5, 6), 0, 1.8, 8200),
    Diagnosis("Lung cancer", "Cancer", (0, 0.1, 2.5, 4), 0.7, 1.2, 11800),
    Diagnosis("Bowel cancer", "Cancer", (0, 0.2, 2, 4), 0.9, 1.1, 10400),
    Diagnosis("Leukaemia", "Cancer", (1.5, 0.4, 0.6, 1), 1, 1, 19500),
    Diagnosis("Type 1 diabetes", "Metabolism", (2.5, 1.5, 0.6, 0.4), 1, 1, 2300),
    Diagnosis("Type 2 diabetes", "Metabolism", (0, 0.6, 4, 6), 0.9, 1.1, 2600),
    Diagnosis("Depression", "Mental health", (0.3, 6, 5, 2), 1.4, 0.8, 5100),
    Diagnosis("Alcohol dependence", "Mental health", (0, 4, 5, 1), 0.5, 1.6, 4300),
    Diagnosis("Schizophrenia", "Mental health", (0, 2.5, 1.5, 0.4), 0.9, 1.1, 9700),
    Diagnosis("Eating disorder", "Mental health", (0.7, 2.5, 0.3, 0), 1.8, 0.2, 7600),
    Diagnosis("Concussion", "Injury", (8, 4, 1.5, 2), 0.8, 1.2, 1100),
    Diagnosis("Forearm fracture", "Injury", (7, 2.5, 2, 3), 1, 1, 2400),
    Diagnosis("Hip fracture", "Injury", (0.1, 0.2, 0.8, 8), 1.4, 0.7, 9900),
    Diagnosis("Burn", "Injury", (2.5, 1.2, 0.7, 0.4), 0.8, 1.2, 5900),
    Diagnosis("Appendicitis", "Digestion", (6, 5, 1.5, 0.6), 1, 1, 3300),
    Diagnosis("Gastritis", "Digestion", (2.5, 3, 3, 3), 1, 1, 1300),
    Diagnosis("Gallstones", "Digestion", (0, 2.5, 4, 3.5), 1.4, 0.7, 3700),
    Diagnosis("Hernia", "Digestion", (1.5, 1.5, 3.5, 3.5), 0.3, 1.7, 2900),
    Diagnosis("Influenza", "Infection", (5, 1.5, 1, 3), 1, 1, 1600),
    Diagnosis("Tuberculosis", "Infection", (0.1, 0.5, 0.4, 0.3), 0.8, 1.2, 6700),
    Diagnosis("HIV disease", "Infection", (0, 1, 0.8, 0.1), 0.4, 1.6, 7300),
    Diagnosis("Childbirth", "Pregnancy", (0, 19, 0.1, 0), 2, 0, 2700),
    Diagnosis("Pregnancy complication", "Pregnancy", (0, 6, 0.1, 0), 2, 0, 3500),
)

# value: (level 1,)
LANGUAGE = {
    "German": ("Germanic",),
    "English": ("Germanic",),
    "Dutch": ("Germanic",),
    "Italian": ("Romance",),
    "Romanian": ("Romance",),
    "Portuguese": ("Romance",),
    "Polish": ("Slavic",),
    "Ukrainian": ("Slavic",),
    "Croatian": ("Slavic",),
    "Turkish": ("Other",),
    "Arabic": ("Other",),
    "Vietnamese": ("Other",),
    "Tigrinya": ("Other",),
}

# value: (level 1,)
SPECIAL_NEEDS = {
    "No support": ("No support",),
    "Learning": ("Support",),
    "Speech": ("Support",),
    "Behaviour": ("Support",),
    "Autism": ("Support",),
    "Hearing": ("Support",),
    "Sight": ("Support",),
}

# best first: (level 1,)
GRADE = {
    "A": ("Good",),
    "B": ("Good",),
    "C": ("Sufficient",),
    "D": ("Sufficient",),
    "E": ("Insufficient",),
    "F": ("Insufficient",),
}
