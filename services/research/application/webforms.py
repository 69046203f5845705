"""Answering on the web: the token on an invitation leads to the form, and its response goes on.

Nothing is recorded before the consent. Every step saves what was answered well; the last one submits.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4, uuid5

from services.research.application import Research
from services.research.application.filling import Filled, Filling
from services.research.application.instruments import Forms
from services.research.application.invitations import invitation_of
from services.research.application.responses import cut_loose
from services.research.domain.ids import id_of
from services.research.domain.invitation import ALPHABET, GROUP, GROUPS, Invitation, normalised
from services.research.domain.response import WITHDRAWN, Asked, Link, Response, WithdrawalCode
from services.research.domain.rules.consent import Information
from services.research.domain.sample import Sample
from services.research.domain.study import Study, Wave
from services.research.domain.subject import Subject
from shared.contracts.operations import Receipt
from shared.contracts.research.views import webforms as views
from shared.contracts.research.vocabulary.responses import FormAction, FormStage, ResponseState
from shared.contracts.research.vocabulary.samples import Frame, InvitationState
from shared.contracts.research.vocabulary.studies import WaveMode, WaveState
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent

ANSWERABLE = (InvitationState.ISSUED, InvitationState.BEGUN)


@dataclass(frozen=True)
class Invited:
    """What a token leads to."""

    invitation: Invitation
    study: Study
    wave: Wave

    @property
    def is_linked(self) -> bool:
        return self.wave.plan.mode is WaveMode.LINKED


@dataclass(frozen=True)
class WebForms:
    research: Research
    forms: Forms

    def get_web_form(self, request: views.GetWebForm, _act: Act) -> views.WebForm:
        invited = self._answerable(request.token)
        if invited.invitation.state is InvitationState.ISSUED:
            return self._consent(invited, request)
        response = self._response(invited)
        filling = self._filling(invited, response)
        return self._questions(invited, request, filling.at(response.page))

    def answer_web_form(self, request: views.AnswerWebForm, act: Act) -> views.WebForm:
        invited = self._invited(request.token)
        if self._is_sent(invited, request):
            return self._done(invited, request)
        _require_answerable(self.research, invited)
        if request.action is FormAction.DECLINE:
            return self._decline(request, act)
        if request.action is FormAction.CONSENT:
            return self._begin(request, act)
        return self._fill(request, act)

    def withdraw_response(self, request: views.WithdrawResponse, act: Act) -> views.Withdrawal:
        """The keys go first. Asked again after an interruption, it is finished."""
        research, today = self.research, self.research.today()
        code = research.find(WithdrawalCode, code_id(research, request.code))
        if code is None or code.response_id is None:
            raise Rejected("research.withdrawal_code_unknown", pointer="/code")
        response_id = code.response_id

        def decide() -> Receipt:
            response = research.load(Response, response_id)
            response.withdraw(today)
            research.forget(
                response_id, WITHDRAWN, basis="gdpr.art7", approved_by=act.caller.subject
            )
            return research.commit(act, response)

        try:
            research.once(act, decide)
        except Rejected as refusal:
            if refusal.code != "nothing_changed":  # withdrawn before
                raise
        return views.Withdrawal(withdrawn_on=today)

    def _invited(self, token: str) -> Invited:
        invitation = invitation_of(self.research, token)
        study = self.research.load(Study, invitation.terms.study_id)
        return Invited(invitation, study, study.wave(invitation.terms.wave_id))

    def _answerable(self, token: str) -> Invited:
        invited = self._invited(token)
        _require_answerable(self.research, invited)
        return invited

    def _response(self, invited: Invited) -> Response:
        """The one that the token began. Raises `research.invitation_void` for whoever was erased."""
        response_id = invited.invitation.response_id
        if response_id is None:
            raise Rejected("research.consent_missing", pointer="/consent")
        response = self.research.load(Response, response_id)
        if response.state is not ResponseState.BEGUN:  # sent since the invitation was read
            raise Rejected("research.token_used", pointer="/token")
        if isinstance(response.link, Absent):
            raise Rejected("research.invitation_void", pointer="/token")
        if response.link is not None and response.link.unit_id is not None:
            _require_there(self.research, response.link.unit_id)
        return response

    def _filling(self, invited: Invited, response: Response) -> Filling:
        """Of a response that can be gone on with. Raises `research.invitation_void`."""
        if isinstance(response.answers, Absent):
            raise Rejected("research.invitation_void", pointer="/token")
        pinned = invited.wave.plan.instrument
        form = self.forms.of(pinned.instrument_id, pinned.version)
        return Filling(form, response.answers, self.research.today())

    def _begin(self, request: views.AnswerWebForm, act: Act) -> views.WebForm:
        """Of two at the same moment one begins, and the other goes on with the same response."""

        def decide() -> Receipt:
            research, today = self.research, self.research.today()
            invited = self._answerable(request.token)
            if request.consent != self._information(invited).version:
                raise Rejected("research.consent_missing", pointer="/consent")
            if invited.invitation.state is InvitationState.BEGUN:
                raise Rejected("nothing_changed")
            wave, study = invited.wave, invited.study
            response = Response(uuid4())
            asked = Asked(
                study_id=study.id,
                wave_id=wave.id,
                partner=study.terms.partner,
                mode=wave.plan.mode,
                instrument=wave.plan.instrument,
            )
            response.begin(asked, self._link(invited), consent=request.consent, on=today)
            invited.invitation.begin(wave, response.id, today)
            return research.commit(act, response, invited.invitation)

        try:
            self.research.once(act, decide)
        except Rejected as refusal:
            if refusal.code != "nothing_changed":
                raise
        invited = self._answerable(request.token)
        self._cut_if_erased(invited, act)
        response = self._response(invited)
        return self._questions(invited, request, self._filling(invited, response).at(response.page))

    def _link(self, invited: Invited) -> Link | None:
        """Raises `research.invitation_void` for somebody who was erased since the invitation."""
        pseudonym = invited.invitation.terms.pseudonym
        if pseudonym is None:
            return None
        if isinstance(pseudonym, Absent):
            raise Rejected("research.invitation_void", pointer="/token")
        sample = self.research.find(Sample, invited.wave.id)
        if sample is None or sample.content.choice.frame is Frame.EXTERNAL:
            return Link(pseudonym=pseudonym, unit_id=None)
        unit = self.research.frames.linked(invited.study.id).units.get(pseudonym)
        if unit is None:
            raise Rejected("research.invitation_void", pointer="/token")
        _require_there(self.research, UUID(unit))
        return Link(pseudonym=pseudonym, unit_id=UUID(unit))

    def _cut_if_erased(self, invited: Invited, act: Act) -> None:
        """An erasure that was recorded while the response began did not know of it."""
        research = self.research
        response = research.load(Response, _begun(invited))
        link = response.link
        if isinstance(link, Link) and link.unit_id is not None and _is_erased(research, link):
            cut_loose(research, [response], act.caller.subject, research.today())
            research.record(response, provenance=act.part("anonymise").provenance)

    def _fill(self, request: views.AnswerWebForm, act: Act) -> views.WebForm:
        filled: list[Filled] = []

        def decide() -> Receipt:
            invited = self._answerable(request.token)
            response = self._response(invited)
            told = self._filling(invited, response).turned(request)
            filled[:] = [told]
            if not told.is_sent:
                response.save(told.answers, told.page, self.research.today())
                return self.research.commit(act, response)
            return self._submit(request, act, invited, response, told)

        try:
            self.research.once(act, decide)
        except Rejected as refusal:
            if refusal.code != "nothing_changed":
                raise
        told = filled[-1]
        invited = self._invited(request.token)
        return (
            self._done(invited, request)
            if told.is_sent
            else self._questions(invited, request, told)
        )

    def _submit(
        self,
        request: views.AnswerWebForm,
        act: Act,
        invited: Invited,
        response: Response,
        filled: Filled,
    ) -> Receipt:
        research, today = self.research, self.research.today()
        response.submit(filled.answers, today)
        invited.invitation.submit(today)
        touched = [response, invited.invitation]
        sent = replace(
            act,
            provenance=act.provenance.model_copy(
                update={"command_id": _sent_id(response.id, request)}
            ),
        )
        if not invited.is_linked:
            return research.commit(sent, *touched)
        code = WithdrawalCode(code_id(research, withdrawal_code(research, response.id)))
        code.make(response.id, today)
        return research.commit(sent, *touched, code)

    def _decline(self, request: views.AnswerWebForm, act: Act) -> views.WebForm:
        def decide() -> Receipt:
            invited = self._answerable(request.token)
            today = self.research.today()
            invited.invitation.decline(invited.wave, on=today, today=today)
            return self.research.commit(act, invited.invitation)

        self.research.once(act, decide)
        return self._page(self._invited(request.token), request, FormStage.DECLINED)

    def _is_sent(self, invited: Invited, request: views.AnswerWebForm) -> bool:
        """Whether it was this very step that submitted the response: its answer may have been lost."""
        response_id = invited.invitation.response_id
        if invited.invitation.state is not InvitationState.SUBMITTED or response_id is None:
            return False
        return self.research.recorder.find_commit(str(_sent_id(response_id, request))) is not None

    def _information(self, invited: Invited) -> Information:
        rules = self.research.rules.consent
        return (rules.linked if invited.is_linked else rules.anonymous).on(self.research.today())

    def _consent(self, invited: Invited, request: views.GetWebForm) -> views.WebForm:
        text = self._information(invited)
        return self._page(
            invited,
            request,
            FormStage.CONSENT,
            consent=text.version,
            information=getattr(text, request.language),
        )

    def _questions(
        self, invited: Invited, request: views.GetWebForm | views.AnswerWebForm, filled: Filled
    ) -> views.WebForm:
        return self._page(
            invited,
            request,
            FormStage.QUESTIONS,
            page=filled.page,
            pages=filled.pages,
            items=filled.items(request.language),
            more=filled.more,
        )

    def _done(self, invited: Invited, request: views.AnswerWebForm) -> views.WebForm:
        code = withdrawal_code(self.research, _begun(invited)) if invited.is_linked else None
        return self._page(invited, request, FormStage.DONE, withdrawal_code=code)

    def _page(
        self,
        invited: Invited,
        request: views.GetWebForm | views.AnswerWebForm,
        stage: FormStage,
        **facts: object,
    ) -> views.WebForm:
        pinned = invited.wave.plan.instrument
        title = self.forms.of(pinned.instrument_id, pinned.version).definition.title
        plan, english = invited.study.plan, request.language == "en"
        return views.WebForm.model_validate(
            {
                "stage": stage,
                "language": request.language,
                "title": (english and title.en) or title.pl,
                "study": plan.title_en if english else plan.title_pl,
                "closes_on": invited.wave.plan.closes_on,
                **facts,
            }
        )


def withdrawal_code(research: Research, response_id: UUID) -> str:
    """The same whenever it is asked for, so that a lost answer loses no code: 78 bits of a keyed
    digest, in the letters of tokens.
    """
    number = int(research.digest_of("withdrawal code", {"response": str(response_id)}), 16)
    letters = []
    for _ in range(GROUPS * GROUP):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def code_id(research: Research, code: str) -> UUID:
    return id_of("withdrawal", research.digest_of("withdrawal", {"code": normalised(code)}))


def _sent_id(response_id: UUID, request: views.AnswerWebForm) -> UUID:
    """The command that submits: the step with the key of its page."""
    return uuid5(response_id, str(request.key))


def _begun(invited: Invited) -> UUID:
    response_id = invited.invitation.response_id
    if response_id is None:
        raise LookupError(f"invitation {invited.invitation.id} began no response")
    return response_id


def _require_answerable(research: Research, invited: Invited) -> None:
    """Raises `research.token_used`, `research.wave_closed`, `research.invitation_expired`."""
    if invited.invitation.state not in ANSWERABLE:
        raise Rejected("research.token_used", pointer="/token")
    if invited.wave.state is not WaveState.OPEN:
        raise Rejected("research.wave_not_open", {"state": invited.wave.state.value}, "/token")
    last = invited.wave.plan.closes_on
    if research.today() > last:
        raise Rejected("research.invitation_expired", {"closes_on": last.isoformat()}, "/token")


def _is_erased(research: Research, link: Link) -> bool:
    subject = research.find(Subject, link.unit_id) if link.unit_id else None
    return subject is not None and subject.is_leaving


def _require_there(research: Research, unit_id: UUID) -> None:
    subject = research.find(Subject, unit_id)
    if subject is not None and subject.is_leaving:
        raise Rejected("research.invitation_void", pointer="/token")
