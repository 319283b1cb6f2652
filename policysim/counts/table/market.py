"""What is sold: supply lines and those who are exploited by them, seizures and money, checks and warnings."""

from policysim.counts.table.row import flow, stock, told
from policysim.vocabulary.marks import ExploitationMark, KnowledgeMark
from policysim.vocabulary.stocks import Figure, Stock

ROWS = (
    told("lines_running", "supply lines that run", Figure.LINES_RUNNING, "lines", mean=True),
    told("lines_closed", "supply lines closed by police", Figure.LINES_CLOSED, "lines"),
    told("seizures", "seizures of heroin and other opioids", Figure.SEIZURES, "seizures"),
    told("street_price", "price of street heroin relative to the usual, of each authority by its share of residents",
         Figure.PRICE, "ratio", mean=True, label="Street price of heroin", noun="street price of heroin"),
    told("assets_seized", "money and goods found with those who supply drugs", Figure.ASSETS_SEIZED, "pounds"),
    told("assets_recovered", "of these recovered by the courts", Figure.ASSETS_RECOVERED, "pounds",
         label="Assets recovered", noun="assets recovered"),
    told("assets_to_treatment", "recovered assets spent on people in treatment", Figure.ASSETS_TO_TREATMENT, "pounds"),
    flow("newly_exploited", "drawn into carrying drugs for a supply line", ExploitationMark.EXPLOITED,
         noun="children drawn into carrying drugs"),
    flow("safeguarded", "brought out of a supply line by safeguarding", ExploitationMark.SAFEGUARDED,
         noun="children brought out by safeguarding"),
    flow("left_line", "came out of a supply line by themselves or when it closed", ExploitationMark.LEFT_LINE,
         noun="children who came out of a supply line"),
    flow("arrested_on_line", "arrested while carrying for a supply line", ExploitationMark.ARRESTED_ON_LINE,
         noun="children arrested while carrying for a supply line"),
    flow("caught_selling", "arrested for supply by more operations against it than the usual", ExploitationMark.CAUGHT_SELLING,
         noun="people who use and sell, arrested by more operations"),
    stock("exploited", "children and young people who carry and sell for a supply line", Stock.EXPLOITED,
          label="Exploited by supply lines", noun="children exploited by supply lines", more_is="worse"),
    flow("drugs_checked", "had drugs checked", KnowledgeMark.HAD_DRUGS_CHECKED, unit="samples", label="Samples checked"),
    flow("missold_found", "checked drugs were not what they were sold as", KnowledgeMark.MISSOLD, unit="samples"),
    flow("checks_heeded", "took less or none of the checked drugs", KnowledgeMark.HEEDED_CHECK,
         noun="people who took less or none of the checked drugs"),
    told("warnings_issued", "warnings of strong batches issued by authority", Figure.WARNINGS, "warnings"),
    flow("people_warned", "warned of a strong batch", KnowledgeMark.WARNED, noun="people warned of a strong batch"),
)  # fmt: skip
