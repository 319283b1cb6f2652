"""Every institution, and what their files put together: what people meet here and in the world, decisions on people."""

from collections.abc import Callable

from policysim.agents.institutions.ambulance import Ambulance
from policysim.agents.institutions.children import ChildrensService
from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.custody_suites import CustodySuites
from policysim.agents.institutions.drug_checking import DrugCheckingService
from policysim.agents.institutions.early_warning import EarlyWarning
from policysim.agents.institutions.employment import EmploymentService
from policysim.agents.institutions.family_court import FamilyCourt
from policysim.agents.institutions.harm_reduction import HarmReductionService
from policysim.agents.institutions.hepatitis import HepatitisService
from policysim.agents.institutions.housing import HousingService
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.offender_board import OffenderBoard
from policysim.agents.institutions.organised_crime import OrganisedCrimeTeam
from policysim.agents.institutions.outreach import OutreachService
from policysim.agents.institutions.partnership import Partnership
from policysim.agents.institutions.police import PoliceTeam
from policysim.agents.institutions.prison import Prison
from policysim.agents.institutions.public_health import PublicHealthTeam
from policysim.agents.institutions.purses import Purse
from policysim.agents.institutions.schools import Schools
from policysim.agents.institutions.treatment import TreatmentService
from policysim.agents.institutions.youth_justice import YouthCustody, YouthJusticeService
from policysim.vocabulary.mark import Mark
from policysim.world.here import Neighbourhood
from policysim.world.world import World

INSTITUTIONS: tuple[type[Institution], ...] = (
    Purse, Partnership, OrganisedCrimeTeam, DrugMarket, EarlyWarning, DrugCheckingService, PoliceTeam, Schools, TreatmentService,
    HarmReductionService, OutreachService, HepatitisService, Ambulance, YouthJusticeService, YouthCustody,
    OffenderBoard, Court, Prison, CustodySuites, ChildrensService, FamilyCourt,
    HousingService, EmploymentService, PublicHealthTeam,
)  # fmt: skip
"""In the order in which they act."""

HERE = type("Here", (Neighbourhood, *(kind.here for kind in INSTITUTIONS if kind.here)), {})
"""All fields of a row of `here`: the neighbourhood's own, and what each institution sets there."""
WORLD = type("WholeWorld", (World, *(kind.world for kind in INSTITUTIONS if kind.world)), {})
"""All fields of the world but the registry's parameters, in the same way."""

MARKS_OF_THEIR_OWN: tuple[type[Mark], ...] = tuple(marks for kind in INSTITUTIONS for marks in kind.marks)
"""What institutions' decisions alone can leave on a person."""
DECISIONS: dict[str, Callable] = {
    decision.__name__: decision for kind in reversed(INSTITUTIONS) for decision in kind.decisions
}
"""What institutions may decide about a person, by name, those of whoever acts last in front."""
