import django.db.models.deletion
from django.db import migrations, models


def _were_read(apps, schema_editor):
    """Every form there is was read as it came in; one of several with the same file keeps it for its own."""
    seen = set()
    for form in apps.get_model("welfare", "OuterForm").objects.select_related("file").order_by("pk"):
        key = form.unit_id, form.file.sha256
        form.state, form.sha256 = "read", "" if key in seen else form.file.sha256
        form.save(update_fields=["state", "sha256"])
        seen.add(key)
    apps.get_model("welfare", "HistoricalOuterForm").objects.update(state="read")


class Migration(migrations.Migration):

    dependencies = [
        ('welfare', '0007_sent_forms'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='outerform',
            options={'default_permissions': ('view', 'add', 'change'), 'ordering': ['-is_used', 'name', '-pk'], 'verbose_name': 'biểu mẫu của cấp trên', 'verbose_name_plural': 'biểu mẫu của cấp trên'},
        ),
        migrations.AddField(
            model_name='historicalouterform',
            name='job',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.job', verbose_name='việc đọc'),
        ),
        migrations.AddField(
            model_name='historicalouterform',
            name='message',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='kết quả đọc'),
        ),
        migrations.AddField(
            model_name='historicalouterform',
            name='replaces',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.outerform', verbose_name='thay bản trước'),
        ),
        migrations.AddField(
            model_name='historicalouterform',
            name='sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='historicalouterform',
            name='state',
            field=models.CharField(choices=[('reading', 'Đang đọc'), ('read', 'Đã đọc'), ('refused', 'Không đọc được')], default='reading', editable=False, max_length=10, verbose_name='trạng thái'),
        ),
        migrations.AddField(
            model_name='outerform',
            name='job',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='welfare.job', verbose_name='việc đọc'),
        ),
        migrations.AddField(
            model_name='outerform',
            name='message',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='kết quả đọc'),
        ),
        migrations.AddField(
            model_name='outerform',
            name='replaces',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.outerform', verbose_name='thay bản trước'),
        ),
        migrations.AddField(
            model_name='outerform',
            name='sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='outerform',
            name='state',
            field=models.CharField(choices=[('reading', 'Đang đọc'), ('read', 'Đã đọc'), ('refused', 'Không đọc được')], default='reading', editable=False, max_length=10, verbose_name='trạng thái'),
        ),
        migrations.RunPython(_were_read, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='outerform',
            constraint=models.UniqueConstraint(condition=models.Q(('sha256', ''), _negated=True), fields=('unit', 'sha256'), name='outer_form_file_once', violation_error_message='Đơn vị đã gửi tệp biểu mẫu này.'),
        ),
    ]
