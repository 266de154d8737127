"""Papers issued from the ledger, and how a province words and forms its own; PostgreSQL keeps an issued paper as it is."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import welfare.documents.styles.models

_FUNCTION = """
CREATE OR REPLACE FUNCTION welfare_issued_paper_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.content, NEW.texts, NEW.title, NEW.state, NEW.document_id, NEW.issued_by_id, NEW.unit_id)
     IS NOT DISTINCT FROM
     (OLD.content, OLD.texts, OLD.title, OLD.state, OLD.document_id, OLD.issued_by_id, OLD.unit_id)
     AND (OLD.pdf_id IS NULL OR NEW.pdf_id = OLD.pdf_id) AND (OLD.docx_id IS NULL OR NEW.docx_id = OLD.docx_id)
     AND (OLD.scan_id IS NULL OR NEW.scan_id = OLD.scan_id)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an issued paper stays as it is';
END $$
"""


def _keep_issued(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION, params=None)
        schema_editor.execute(
            "CREATE TRIGGER issued_paper_stays BEFORE UPDATE OR DELETE ON welfare_paper FOR EACH ROW "
            "WHEN (OLD.state = 'issued') EXECUTE FUNCTION welfare_issued_paper_stays()"
        )


def _release_issued(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER issued_paper_stays ON welfare_paper")


class Migration(migrations.Migration):
    dependencies = [
        ("welfare", "0005_forget_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDocumentStyle",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=welfare.documents.styles.models.kind_choices,
                        help_text="Để trống là mọi văn bản của đơn vị.",
                        max_length=60,
                        verbose_name="văn bản",
                    ),
                ),
                (
                    "capacity",
                    models.TextField(
                        blank=True,
                        help_text="Mỗi dòng một cấp, ví dụ: TM. BAN THƯỜNG VỤ, dòng dưới PHÓ CHỦ TỊCH.",
                        max_length=300,
                        verbose_name="quyền hạn, chức vụ người ký",
                    ),
                ),
                ("signer", models.CharField(blank=True, max_length=100, verbose_name="họ và tên người ký")),
                (
                    "recipients",
                    models.TextField(
                        blank=True, help_text="Mỗi nơi một dòng.", max_length=2000, verbose_name="nơi nhận"
                    ),
                ),
                (
                    "closing_words",
                    models.TextField(
                        blank=True,
                        help_text="Thêm vào cuối nội dung, trước chữ ký.",
                        max_length=2000,
                        verbose_name="lời kết",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="mẫu Word",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị ban hành",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cách trình bày văn bản",
                "verbose_name_plural": "historical cách trình bày văn bản",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOuterForm",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="tên biểu mẫu")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="cơ quan ban hành biểu mẫu")),
                ("mapping", models.JSONField(default=dict, editable=False, verbose_name="ô và chỉ số")),
                ("edition", models.PositiveIntegerField(default=0, editable=False)),
                ("is_used", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="tải lên lúc")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người tải lên",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="tệp",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical biểu mẫu của cấp trên",
                "verbose_name_plural": "historical biểu mẫu của cấp trên",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPaper",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("kind", models.CharField(editable=False, max_length=60, verbose_name="loại")),
                ("subject_id", models.CharField(editable=False, max_length=40)),
                ("extra", models.JSONField(default=dict, editable=False)),
                ("title", models.CharField(max_length=500, verbose_name="văn bản")),
                ("texts", models.JSONField(default=dict, editable=False, verbose_name="lời văn đã sửa")),
                ("edition", models.PositiveIntegerField(default=0, editable=False, verbose_name="lần sửa")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Đã trình ký"),
                            ("issued", "Đã ban hành"),
                            ("dropped", "Đã bỏ"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="soạn lúc")),
                ("submitted_on", models.DateField(null=True, verbose_name="ngày trình")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="lý do trả lại")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người soạn",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.document",
                        verbose_name="số văn bản",
                    ),
                ),
                (
                    "docx",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản Word",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ban hành",
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản PDF",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản đã ký",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người trình",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị ban hành",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical văn bản soạn từ số liệu",
                "verbose_name_plural": "historical văn bản soạn từ số liệu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DocumentStyle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=welfare.documents.styles.models.kind_choices,
                        help_text="Để trống là mọi văn bản của đơn vị.",
                        max_length=60,
                        verbose_name="văn bản",
                    ),
                ),
                (
                    "capacity",
                    models.TextField(
                        blank=True,
                        help_text="Mỗi dòng một cấp, ví dụ: TM. BAN THƯỜNG VỤ, dòng dưới PHÓ CHỦ TỊCH.",
                        max_length=300,
                        verbose_name="quyền hạn, chức vụ người ký",
                    ),
                ),
                ("signer", models.CharField(blank=True, max_length=100, verbose_name="họ và tên người ký")),
                (
                    "recipients",
                    models.TextField(
                        blank=True, help_text="Mỗi nơi một dòng.", max_length=2000, verbose_name="nơi nhận"
                    ),
                ),
                (
                    "closing_words",
                    models.TextField(
                        blank=True,
                        help_text="Thêm vào cuối nội dung, trước chữ ký.",
                        max_length=2000,
                        verbose_name="lời kết",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "template",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="mẫu Word",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị ban hành",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách trình bày văn bản",
                "verbose_name_plural": "cách trình bày văn bản",
                "ordering": ["unit__path", "kind", "-valid_from"],
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="document_style_dates_in_order",
                        violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
                    ),
                    models.UniqueConstraint(
                        fields=("unit", "kind", "valid_from"),
                        name="document_style_once_a_day",
                        violation_error_message="Đã có cách trình bày của văn bản này từ ngày này; hãy sửa dòng đó.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_from", None)),
                        fields=("unit", "kind"),
                        name="document_style_once_without_day",
                        violation_error_message="Đã có cách trình bày của văn bản này từ ngày này; hãy sửa dòng đó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OuterForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="tên biểu mẫu")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="cơ quan ban hành biểu mẫu")),
                ("sheets", models.JSONField(default=list, editable=False)),
                ("mapping", models.JSONField(default=dict, editable=False, verbose_name="ô và chỉ số")),
                ("edition", models.PositiveIntegerField(default=0, editable=False)),
                ("is_used", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="tải lên lúc")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người tải lên",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="tệp",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "biểu mẫu của cấp trên",
                "verbose_name_plural": "biểu mẫu của cấp trên",
                "ordering": ["-is_used", "name"],
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_used", True)),
                        fields=("unit", "name"),
                        name="outer_form_name_once",
                        violation_error_message="Đơn vị đã có biểu mẫu đang dùng mang tên này.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(editable=False, max_length=60, verbose_name="loại")),
                ("subject_id", models.CharField(editable=False, max_length=40)),
                ("extra", models.JSONField(default=dict, editable=False)),
                ("title", models.CharField(max_length=500, verbose_name="văn bản")),
                ("texts", models.JSONField(default=dict, editable=False, verbose_name="lời văn đã sửa")),
                ("edition", models.PositiveIntegerField(default=0, editable=False, verbose_name="lần sửa")),
                ("content", models.JSONField(editable=False, null=True, verbose_name="nội dung đã trình")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Đã trình ký"),
                            ("issued", "Đã ban hành"),
                            ("dropped", "Đã bỏ"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="soạn lúc")),
                ("submitted_on", models.DateField(null=True, verbose_name="ngày trình")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="lý do trả lại")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người soạn",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="welfare.document",
                        verbose_name="số văn bản",
                    ),
                ),
                (
                    "docx",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản Word",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ban hành",
                    ),
                ),
                (
                    "pdf",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản PDF",
                    ),
                ),
                (
                    "scan",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.storedfile",
                        verbose_name="bản đã ký",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người trình",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="welfare.unit",
                        verbose_name="đơn vị ban hành",
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bản soạn từ số liệu",
                "verbose_name_plural": "văn bản soạn từ số liệu",
                "ordering": ["-created_at", "-pk"],
                "permissions": [("issue_paper", "Ban hành văn bản soạn từ số liệu")],
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(
                                ("content__isnull", False), ("document__isnull", False), ("issued_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="paper_issued_has_number_and_content",
                        violation_error_message="Văn bản đã ban hành phải có số, nội dung và người ban hành.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_by__isnull", True),
                            models.Q(
                                models.Q(("issued_by", models.F("created_by")), _negated=True),
                                models.Q(("issued_by", models.F("submitted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_issued_by_another",
                        violation_error_message="Người soạn, người trình không tự ban hành văn bản của mình.",
                    ),
                ],
            },
        ),
        migrations.RunPython(_keep_issued, _release_issued),
    ]
