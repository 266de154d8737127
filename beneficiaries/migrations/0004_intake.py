import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0003_verbs'),
    ]

    operations = [
        migrations.AddField(
            model_name='listbatch',
            name='conflicts',
            field=models.JSONField(default=list, editable=False, verbose_name='cột phải chọn'),
        ),
        migrations.AddField(
            model_name='listbatch',
            name='sheets',
            field=models.JSONField(default=list, editable=False, verbose_name='trang tính'),
        ),
        migrations.AddField(
            model_name='listbatch',
            name='title',
            field=models.CharField(blank=True, default='', max_length=300, verbose_name='tên danh sách'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='listbatch',
            name='title_unit',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='đơn vị ghi trong tệp'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='folded_name',
            field=models.CharField(blank=True, default='', editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='id_hash',
            field=models.CharField(editable=False, max_length=80, null=True),
        ),
        migrations.AlterField(
            model_name='stagedrow',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='beneficiaries.listbatch'),
        ),
        migrations.AlterField(
            model_name='stagedrow',
            name='person',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='beneficiaries.person', verbose_name='người đã có'),
        ),
    ]
