_QUOTA = ("quotaline", "quotashare", "invitedbody")
_PROGRAMME = ("agendaitem", "committeemember", "eventtask", "speech")
_TOLD = ("quotarevision", "eventnotice")
_GIFTS = ("eventgift",)
_INVITATIONS = ("invitationtext", "invitationissue", "invitation")
_MONEY = ("eventbudget", "budgetline")
_HALL = ("hall", "seatblock", "seat", "admission")
ROWS = {
    "welfare.Role": [
        {"code": "door_keeper", "name": "Trực cửa sự kiện", "reach": "province", "handles_people": True},
    ],
}


def _each(verbs, names):
    return [f"{verb}_{name}" for verb in verbs for name in names]


_VIEW = _each(["view"], ("event", *_QUOTA, *_PROGRAMME, *_TOLD, *_GIFTS, *_INVITATIONS, "delegate"))
_EDIT = _each(["add", "change", "delete"], (*_QUOTA, *_PROGRAMME, *_GIFTS))
_EXPORT = _each(["export"], ("delegate", "speech", "eventgift"))
_READ_MONEY = _each(["view", "export"], _MONEY)
_ESTIMATE = [
    *_READ_MONEY, *_each(["add", "change"], _MONEY), "delete_budgetline", "import_budgetline", "submit_eventbudget",
]  # fmt: skip
_NOMINATE = [*_EXPORT, "nominate_delegate", "change_delegate", "finish_eventtask", "send_speech"]
_SEE_HALL = _each(["view"], _HALL)
GRANTS = {
    "leader": [
        *_VIEW, *_SEE_HALL, *_EXPORT, *_READ_MONEY, "finish_eventtask", "approve_eventbudget", "settle_eventbudget",
    ],
    "province_officer": [
        *_VIEW, *_EDIT, "add_event", "change_event", *_NOMINATE, "accept_delegate", "exceed_quota", "attend_delegate",
        "review_speech", "hand_over_eventgift", *_SEE_HALL, "change_hall", "issue_invitation", *_ESTIMATE,
    ],
    "door_keeper": ["attend_delegate"],
    "finance_officer": [
        *_VIEW, *_SEE_HALL, *_ESTIMATE, "finish_eventtask", "hand_over_eventgift", "pay_budgetline",
    ],
    "inspector": [*_VIEW, *_SEE_HALL, *_EXPORT, *_READ_MONEY],
    "unit_officer": [*_VIEW, *_NOMINATE, "answer_event"],
    "unit_leader": [*_VIEW, *_EXPORT],
}  # fmt: skip
