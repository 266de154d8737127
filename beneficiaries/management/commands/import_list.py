"""The upload from the command line: the same reading, checking, staging and commit as on the screen."""

import json
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from beneficiaries.campaigns.models import Campaign
from beneficiaries.grants.models import GrantRound
from beneficiaries.intake import batches
from beneficiaries.intake.kinds import configured_kinds
from beneficiaries.intake.models import ListBatch
from beneficiaries.intake.staging import shown_rows
from beneficiaries.loans.projects import LoanProject
from welfare.jobs import queue
from welfare.states import Refused
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money, format_number


class Command(BaseCommand):
    help = "Đọc, kiểm tra và (với --commit) nhận một danh sách như khi tải lên màn hình."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--unit", required=True, metavar="CODE", help="mã đơn vị gửi danh sách")
        parser.add_argument("--kind", choices=list(configured_kinds()), help="loại danh sách; bỏ trống thì tự nhận")
        parser.add_argument("--round", metavar="CODE", help="mã đợt hỗ trợ để lập đề nghị")
        parser.add_argument("--event", metavar="CODE", help="mã sự kiện của danh sách đại biểu")
        parser.add_argument("--campaign", metavar="ID", type=int, help="số của đợt vận động mà danh sách ghi kết quả")
        parser.add_argument("--project", metavar="ID", type=int, help="số của dự án mà danh sách đề nghị vay")
        parser.add_argument("--year", type=int, help="năm của danh sách; bỏ trống là năm nay")
        parser.add_argument("--user", metavar="NAME", help="tên đăng nhập người gửi; bỏ trống là tài khoản hệ thống")
        parser.add_argument("--commit", action="store_true", help="nhận các dòng hợp lệ vào sổ")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args, **options):
        try:
            batch = self._import(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps(as_json(batch), ensure_ascii=False) if options["json"] else summary(batch))

    def _import(self, options) -> ListBatch:
        path = options["file"]
        if not path.is_file():
            raise Refused(f"Không có tệp {path}.")
        unit = _one(Unit, "đơn vị", code=options["unit"])
        user = _one(User, "người dùng", username=options["user"]) if options["user"] else User.objects.system()
        round_ = _one(GrantRound, "đợt hỗ trợ", code=options["round"]) if options["round"] else None
        campaign = _one(Campaign, "đợt vận động", pk=options["campaign"]) if options["campaign"] else None
        project = _one(LoanProject, "dự án vay vốn", pk=options["project"]) if options["project"] else None
        into = import_string(configured_kinds()["delegates"].into)(options["event"], unit) if options["event"] else None
        year = options["year"] or (round_.year if round_ else today().year)
        with path.open("rb") as file:
            upload = File(file, name=path.name)
            kind = "delegates" if into else options["kind"] or ""
            needed = configured_kinds()[kind].needs if kind else ""
            if needed and not options[needed]:
                raise Refused(f"“{configured_kinds()[kind].label}” cần --{needed}.")
            batch = batches.receive(
                user, unit, upload, year=year, kind=kind, round=round_, campaign=campaign, project=project, asks=False
            )
        _run(batch)
        if into:
            into(batch, user, commit=options["commit"])
        elif options["commit"]:
            batch.commit(user)
            _run(batch)
        return batch


def _one(model, what: str, **key):
    try:
        return model.objects.get(**key)
    except model.DoesNotExist as error:
        raise Refused(f"Không có {what} mang mã “{next(iter(key.values()))}”.") from error


def _run(batch: ListBatch) -> None:
    """Runs the batch's job here; its refusal is this command's."""
    queue.run(batch.job_id)
    batch.refresh_from_db()
    if batch.job.state != batch.job.State.DONE:
        raise Refused(batch.job.message or "Việc đọc danh sách chưa xong; hãy chạy lại lệnh.")


def as_json(batch: ListBatch) -> dict:
    return {
        "sheets": batch.sheets,
        "kind": batch.kind,
        "rows": shown_rows(batch),
        "counts": {name: batch.counts.get(name, 0) for name in ("rows", "ready", "warning", "error", "duplicate")},
        "stated_total": batch.stated_total,
        "computed_total": batch.computed_total,
        "messages": [{name: message[name] for name in ("column", "field", "text")} for message in batch.messages],
    }


def summary(batch: ListBatch) -> str:
    counts = {
        name: format_number(batch.counts.get(name, 0)) for name in ("rows", "ready", "warning", "error", "duplicate")
    }
    lines = [
        f"Danh sách số {batch.pk} của {batch.unit}: {batch.get_state_display().lower()}.",
        "{rows} dòng: {ready} hợp lệ, {warning} cần lưu ý, {error} lỗi, {duplicate} trùng trong tệp.".format(**counts),
        f"Cộng các dòng: {format_money(batch.computed_total)}.",
        *(message["text"] for message in batch.messages),
    ]
    for row in batch.rows.exclude(messages=[]).order_by("position"):
        lines += [f"{row.sheet}, dòng {row.row}: {_told(message)}" for message in row.messages]
    if batch.committed_at:
        lines.append(f"Đã nhận lúc {timezone.localtime(batch.committed_at):%H:%M %d/%m/%Y}.")
    return "\n".join(lines)


def _told(message: dict) -> str:
    return f"cột {message['column']}: {message['text']}" if message["column"] else message["text"]
