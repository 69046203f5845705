"""Commands on the terms of an edition."""

from services.training.application import Training
from services.training.application.reach import edition_for
from services.training.domain.edition import Edition
from services.training.domain.ids import id_of
from services.training.domain.programme import Programme
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.eventstore.acts import Act


def open_edition(training: Training, command: commands.OpenEdition, act: Act) -> Receipt:
    edition_id = id_of("edition", command.code)
    edition = training.find(Edition, edition_id) or Edition(edition_id)
    edition.open(
        training.load(Programme, command.programme_id),
        code=command.code,
        partner=command.partner,
        place=command.place,
        opened_on=command.opened_on,
        limits=command.limits,
        limits_justification=command.limits_justification,
        today=training.today(),
        rules=training.rules,
    )
    return training.commit(act, edition)


def contract_trainer(training: Training, command: commands.ContractTrainer, act: Act) -> Receipt:
    edition = edition_for(training, command.edition_id, act)
    edition.contract_trainer(
        contract=command.contract, signed_on=command.signed_on, today=training.today()
    )
    return training.commit(act, edition)
