"""Papers issued from the ledger, and how a province words and forms its own; PostgreSQL keeps an issued paper as it is."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

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
