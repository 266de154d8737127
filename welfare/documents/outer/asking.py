"""Asks the limited process that opens forms."""

from welfare.children import ChildDied, ask_child
from welfare.states import Refused

_PROCESS, _SECONDS = "welfare.documents.outer.process", 60
_DIED = "Không mở được biểu mẫu trong giới hạn bộ nhớ và thời gian; hãy chép phần cần điền sang tệp mới rồi gửi."


def ask(*arguments, tick) -> dict:
    """Its answer; raises ``Refused`` with its sentence."""
    try:
        answer = ask_child(_PROCESS, *arguments, seconds=_SECONDS, tick=tick)
    except ChildDied:
        raise Refused(_DIED) from None
    if refused := answer.get("refused"):
        raise Refused(refused)
    return answer
