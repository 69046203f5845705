"""Commands on programmes."""

from services.training.application import Training
from services.training.domain.ids import id_of
from services.training.domain.programme import Programme
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.eventstore.acts import Act


def open_programme(training: Training, command: commands.OpenProgramme, act: Act) -> Receipt:
    programme_id = id_of("programme", command.content.code)
    programme = training.find(Programme, programme_id) or Programme(programme_id)
    programme.open(content=command.content, approved_on=command.approved_on, today=training.today())
    return training.commit(act, programme)


def revise_programme(training: Training, command: commands.ReviseProgramme, act: Act) -> Receipt:
    programme = training.load(Programme, command.programme_id, act.expected_version)
    programme.revise(
        content=command.content, approved_on=command.approved_on, today=training.today()
    )
    return training.commit(act, programme)


def withdraw_programme(
    training: Training, command: commands.WithdrawProgramme, act: Act
) -> Receipt:
    programme = training.load(Programme, command.programme_id, act.expected_version)
    programme.withdraw(withdrawn_on=command.withdrawn_on, today=training.today())
    return training.commit(act, programme)
