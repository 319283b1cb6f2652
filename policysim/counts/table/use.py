"""People, use and dependence."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import UseMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("first_use", "first use of a substance", UseMark.FIRST_USE, unit="starts", label="First use of a drug",
         noun="first uses of a drug", more_is="worse"),
    flow("new_dependence", "first dependence on a substance", UseMark.BECAME_DEPENDENT, unit="starts",
         label="New dependence", noun="starts of dependence", more_is="worse"),
    flow("remissions", "dependence on a substance ended", UseMark.REMITTED, unit="endings",
         label="Remissions from dependence"),
    flow("relapses", "relapses into dependence", UseMark.RELAPSED, unit="relapses"),
    stock("population", "people in the model", Stock.POPULATION),
    stock("using", "people who use any of the substances (alcohol: harmful drinking)", Stock.USING,
          label="People who use any substance"),
    stock("using_illicit", "people who use any of the drugs, harmful drinking left out", Stock.USING_ILLICIT,
          label="People who use drugs"),
    stock("using_cannabis", "people who use cannabis", Stock.USING_CANNABIS),
    stock("using_class_a", "people who use party drugs, heroin or crack", Stock.USING_CLASS_A),
    stock("dependent", "people dependent on any of the substances", Stock.DEPENDENT,
          label="Dependent on any substance", noun="people dependent on any substance"),
    stock("opiate_or_crack_users", "people dependent on heroin, other opioids or crack", Stock.OPIATE_OR_CRACK,
          label="Dependent on heroin or crack", noun="people dependent on heroin or crack"),
    stock("in_remission", "people in remission from heroin or crack", Stock.IN_REMISSION, more_is="better"),
    stock("cannabis_dependent", "people dependent on cannabis", Stock.CANNABIS_DEPENDENT),
    stock("cocaine_dependent", "people dependent on powder cocaine and other party drugs", Stock.COCAINE_DEPENDENT),
)  # fmt: skip
