"""What the migrations up to 0006 make of an empty database, in one step: those that moved rows had none to move."""
import uuid

import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import welfare.documents.styles.models
import welfare.first_schema
import welfare.units.models
from welfare.append_only import append_only

_FORGETS = """
CREATE OR REPLACE FUNCTION welfare_audit_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.action = 'search' THEN
    OLD.detail := OLD.detail - 'hash';
    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END $$
"""
_STAYS = """
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


def _let_forget(apps, schema_editor):
    """The audit log may forget one thing: the hash of a search, when the data of the person sought was erased."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FORGETS, params=None)
        schema_editor.execute("DROP TRIGGER append_only ON welfare_auditevent")
        schema_editor.execute(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON welfare_auditevent FOR EACH ROW "
            "EXECUTE FUNCTION welfare_audit_only_forgets()"
        )


def _keep_issued(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_STAYS, params=None)
        schema_editor.execute(
            "CREATE TRIGGER issued_paper_stays BEFORE UPDATE OR DELETE ON welfare_paper FOR EACH ROW "
            "WHEN (OLD.state = 'issued') EXECUTE FUNCTION welfare_issued_paper_stays()"
        )


class Migration(migrations.Migration):

    replaces = [
        ('welfare', '0001_initial'),
        ('welfare', '0002_append_only'),
        ('welfare', '0003_number_registers'),
        ('welfare', '0004_long_documents'),
        ('welfare', '0005_forget_searches'),
        ('welfare', '0006_documents'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        welfare.first_schema.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('full_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                        ('job_title', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                        ('is_system', models.BooleanField(default=False, editable=False, verbose_name='tài khoản hệ thống')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                    ],
                    options={
                        'verbose_name': 'người dùng',
                        'verbose_name_plural': 'người dùng',
                        'ordering': ['username'],
                    },
                ),
                migrations.CreateModel(
                    name='Department',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=30, unique=True, verbose_name='mã')),
                        ('name', models.CharField(max_length=120, verbose_name='tên')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='tên gọi tắt')),
                    ],
                    options={
                        'verbose_name': 'ban chuyên môn',
                        'verbose_name_plural': 'ban chuyên môn',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='DocumentKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=10, unique=True, verbose_name='mã')),
                        ('name', models.CharField(max_length=60, verbose_name='tên loại')),
                        ('symbol', models.CharField(blank=True, max_length=10, null=True, verbose_name='chữ viết tắt trong ký hiệu')),
                    ],
                    options={
                        'verbose_name': 'loại văn bản',
                        'verbose_name_plural': 'loại văn bản',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='UnitKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(editable=False, max_length=60, unique=True, verbose_name='mã')),
                        ('name', models.CharField(max_length=200, verbose_name='tên')),
                        ('level', models.PositiveSmallIntegerField(help_text='1 là tỉnh, 2 là cấp trên trực tiếp cơ sở, 3 là cơ sở', verbose_name='cấp')),
                    ],
                    options={
                        'verbose_name': 'cấp đơn vị',
                        'verbose_name_plural': 'cấp đơn vị',
                        'ordering': ['level', 'name'],
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='NumberRegister',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='tên sổ')),
                        ('period', models.CharField(choices=[('year', 'Mỗi năm đánh số lại từ 1'), ('term', 'Đánh số liên tục cả nhiệm kỳ')], default='year', max_length=10, verbose_name='cách đánh số')),
                        ('starts_on', models.DateField(blank=True, null=True, verbose_name='dùng từ ngày')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('kinds', models.ManyToManyField(blank=True, help_text='Không chọn loại nào: sổ dùng chung cho mọi loại chưa có sổ riêng.', related_name='+', to='welfare.documentkind', verbose_name='loại văn bản')),
                    ],
                    options={
                        'verbose_name': 'sổ số văn bản',
                        'verbose_name_plural': 'sổ số văn bản',
                        'ordering': ['unit__path', 'name', '-starts_on'],
                    },
                ),
                migrations.CreateModel(
                    name='Organization',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200, verbose_name='tên')),
                        ('short_name', models.CharField(blank=True, max_length=80, verbose_name='tên gọi tắt')),
                        ('kind', models.CharField(choices=[('authority', 'Cơ quan nhà nước'), ('party', 'Cơ quan Đảng'), ('union', 'Tổ chức công đoàn'), ('enterprise', 'Doanh nghiệp'), ('bank', 'Ngân hàng, tổ chức tín dụng'), ('press', 'Báo, đài'), ('other', 'Khác')], max_length=20, verbose_name='loại')),
                        ('form_of_address', models.CharField(blank=True, max_length=200, verbose_name='cách xưng hô khi gửi')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('successors', models.ManyToManyField(blank=True, related_name='predecessors', to='welfare.organization', verbose_name='tổ chức kế thừa')),
                    ],
                    options={
                        'verbose_name': 'tổ chức bên ngoài',
                        'verbose_name_plural': 'tổ chức bên ngoài',
                        'ordering': ['name'],
                        'default_permissions': ('view', 'add', 'change', 'delete', 'export', 'import'),
                    },
                ),
                migrations.CreateModel(
                    name='Document',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(blank=True, max_length=20, verbose_name='số')),
                        ('symbol', models.CharField(blank=True, help_text='Ví dụ: KH-LĐLĐ, NQ/TW.', max_length=40, verbose_name='ký hiệu')),
                        ('issuer_words', models.CharField(blank=True, help_text='Như văn bản ghi, ví dụ: Ban Chấp hành LĐLĐ tỉnh. Để trống thì lấy tên đơn vị, cơ quan ban hành.', max_length=200, verbose_name='ban hành với danh nghĩa')),
                        ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='năm')),
                        ('month', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='tháng')),
                        ('day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='ngày')),
                        ('title', models.CharField(max_length=500, verbose_name='trích yếu')),
                        ('register_year', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('serial', models.CharField(default='', editable=False, max_length=60)),
                        ('number_key', models.CharField(db_index=True, default='', editable=False, max_length=200)),
                        ('search_text', models.TextField(default='', editable=False)),
                        ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='welfare.document', verbose_name='thay thế văn bản')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='welfare.documentkind', verbose_name='loại văn bản')),
                        ('register', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='welfare.numberregister', verbose_name='sổ số')),
                        ('issuer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.organization', verbose_name='cơ quan ban hành')),
                    ],
                    options={
                        'verbose_name': 'văn bản',
                        'verbose_name_plural': 'sổ văn bản',
                        'ordering': ['-year', '-month', '-day', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Role',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=30, unique=True, verbose_name='mã')),
                        ('name', models.CharField(max_length=80, verbose_name='tên')),
                        ('reach', models.CharField(choices=[('province', 'Toàn tỉnh'), ('subtree', 'Đơn vị mình và cấp dưới')], max_length=10, verbose_name='phạm vi')),
                        ('handles_people', models.BooleanField(default=False, verbose_name='làm việc với dữ liệu cá nhân')),
                        ('only_reads', models.BooleanField(default=False, verbose_name='chỉ đọc')),
                        ('permissions', models.ManyToManyField(blank=True, to='auth.permission', verbose_name='quyền')),
                    ],
                    options={
                        'verbose_name': 'vai trò',
                        'verbose_name_plural': 'vai trò',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('path', models.CharField(max_length=255, unique=True)),
                        ('depth', models.PositiveIntegerField()),
                        ('numchild', models.PositiveIntegerField(default=0)),
                        ('code', models.CharField(max_length=30, unique=True, verbose_name='mã')),
                        ('name', models.CharField(max_length=200, verbose_name='tên đầy đủ')),
                        ('short_name', models.CharField(max_length=80, verbose_name='tên gọi tắt')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='hoạt động từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('successors', models.ManyToManyField(blank=True, related_name='predecessors', to='welfare.unit', verbose_name='đơn vị kế thừa')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='welfare.unitkind', verbose_name='cấp')),
                    ],
                    options={
                        'verbose_name': 'đơn vị',
                        'verbose_name_plural': 'đơn vị',
                        'default_permissions': ('view', 'add', 'change', 'delete', 'export'),
                    },
                ),
                migrations.CreateModel(
                    name='StoredFile',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=200, verbose_name='tên tệp')),
                        ('content_type', models.CharField(max_length=100, verbose_name='loại tệp')),
                        ('size', models.PositiveBigIntegerField(verbose_name='dung lượng')),
                        ('sha256', models.CharField(editable=False, max_length=64)),
                        ('file', models.FileField(max_length=200, upload_to='%Y/%m', verbose_name='tệp')),
                        ('subject_id', models.CharField(blank=True, editable=False, max_length=40)),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='tạo lúc')),
                        ('expires_at', models.DateTimeField(null=True, verbose_name='giữ đến')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tạo')),
                        ('subject_kind', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'tệp',
                        'verbose_name_plural': 'tệp đã tạo',
                        'ordering': ['-created_at'],
                    },
                ),
                migrations.AddField(
                    model_name='numberregister',
                    name='unit',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='number_registers', to='welfare.unit', verbose_name='đơn vị ban hành'),
                ),
                migrations.CreateModel(
                    name='Letterhead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('superior', models.CharField(blank=True, max_length=150, verbose_name='cơ quan chủ quản')),
                        ('issuer', models.CharField(max_length=150, verbose_name='cơ quan ban hành')),
                        ('place', models.CharField(max_length=60, verbose_name='địa danh')),
                        ('abbreviation', models.CharField(default='LĐLĐ', max_length=30, verbose_name='chữ viết tắt trong ký hiệu')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letterheads', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'tiêu đề văn bản',
                        'verbose_name_plural': 'tiêu đề văn bản',
                    },
                ),
                migrations.CreateModel(
                    name='Job',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=40, verbose_name='loại việc')),
                        ('title', models.CharField(max_length=200, verbose_name='việc')),
                        ('params', models.JSONField(default=dict, editable=False, verbose_name='tham số')),
                        ('key', models.CharField(editable=False, max_length=120, null=True, unique=True, verbose_name='khóa chống trùng')),
                        ('state', models.CharField(choices=[('queued', 'Đang chờ'), ('running', 'Đang chạy'), ('waiting', 'Đang chạy từng phần'), ('done', 'Đã xong'), ('failed', 'Không thành công'), ('cancelled', 'Đã hủy')], default='queued', max_length=10, verbose_name='trạng thái')),
                        ('message', models.CharField(blank=True, max_length=300, verbose_name='diễn biến')),
                        ('done', models.PositiveIntegerField(default=0, verbose_name='đã làm')),
                        ('total', models.PositiveIntegerField(default=0, verbose_name='tổng số')),
                        ('attempt', models.PositiveSmallIntegerField(default=0, verbose_name='lần thử')),
                        ('lease_until', models.DateTimeField(editable=False, null=True)),
                        ('sent_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='yêu cầu lúc')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='xong lúc')),
                        ('result_url', models.CharField(blank=True, max_length=300, verbose_name='xem kết quả tại')),
                        ('seen', models.BooleanField(default=False, verbose_name='đã báo cho người yêu cầu')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='người yêu cầu')),
                        ('parent', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='welfare.job', verbose_name='là phần của')),
                        ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='welfare.storedfile', verbose_name='tệp kết quả')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'việc chạy nền',
                        'verbose_name_plural': 'việc chạy nền',
                        'ordering': ['-created_at'],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalPaper',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('kind', models.CharField(editable=False, max_length=60, verbose_name='loại')),
                        ('subject_id', models.CharField(editable=False, max_length=40)),
                        ('extra', models.JSONField(default=dict, editable=False)),
                        ('title', models.CharField(max_length=500, verbose_name='văn bản')),
                        ('texts', models.JSONField(default=dict, editable=False, verbose_name='lời văn đã sửa')),
                        ('edition', models.PositiveIntegerField(default=0, editable=False, verbose_name='lần sửa')),
                        ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('submitted', 'Đã trình ký'), ('issued', 'Đã ban hành'), ('dropped', 'Đã bỏ')], default='draft', max_length=10, verbose_name='trạng thái')),
                        ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='soạn lúc')),
                        ('submitted_on', models.DateField(null=True, verbose_name='ngày trình')),
                        ('return_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do trả lại')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người soạn')),
                        ('document', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.document', verbose_name='số văn bản')),
                        ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('issued_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ban hành')),
                        ('submitted_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người trình')),
                        ('docx', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.storedfile', verbose_name='bản Word')),
                        ('pdf', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.storedfile', verbose_name='bản PDF')),
                        ('scan', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.storedfile', verbose_name='bản đã ký')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.unit', verbose_name='đơn vị ban hành')),
                    ],
                    options={
                        'verbose_name': 'historical văn bản soạn từ số liệu',
                        'verbose_name_plural': 'historical văn bản soạn từ số liệu',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalOuterForm',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('name', models.CharField(max_length=200, verbose_name='tên biểu mẫu')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='cơ quan ban hành biểu mẫu')),
                        ('mapping', models.JSONField(default=dict, editable=False, verbose_name='ô và chỉ số')),
                        ('edition', models.PositiveIntegerField(default=0, editable=False)),
                        ('is_used', models.BooleanField(default=True, verbose_name='đang dùng')),
                        ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='tải lên lúc')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('created_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
                        ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('file', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.storedfile', verbose_name='tệp')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'historical biểu mẫu của cấp trên',
                        'verbose_name_plural': 'historical biểu mẫu của cấp trên',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDocumentStyle',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('kind', models.CharField(blank=True, choices=welfare.documents.styles.models.kind_choices, help_text='Để trống là mọi văn bản của đơn vị.', max_length=60, verbose_name='văn bản')),
                        ('capacity', models.TextField(blank=True, help_text='Mỗi dòng một cấp, ví dụ: TM. BAN THƯỜNG VỤ, dòng dưới PHÓ CHỦ TỊCH.', max_length=300, verbose_name='quyền hạn, chức vụ người ký')),
                        ('signer', models.CharField(blank=True, max_length=100, verbose_name='họ và tên người ký')),
                        ('recipients', models.TextField(blank=True, help_text='Mỗi nơi một dòng.', max_length=2000, verbose_name='nơi nhận')),
                        ('closing_words', models.TextField(blank=True, help_text='Thêm vào cuối nội dung, trước chữ ký.', max_length=2000, verbose_name='lời kết')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('template', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.storedfile', verbose_name='mẫu Word')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.unit', verbose_name='đơn vị ban hành')),
                    ],
                    options={
                        'verbose_name': 'historical cách trình bày văn bản',
                        'verbose_name_plural': 'historical cách trình bày văn bản',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalAppointment',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('valid_from', models.DateField(default=welfare.units.models.today, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='xác nhận lúc')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lãnh đạo xác nhận')),
                        ('department', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.department', verbose_name='ban')),
                        ('granted_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người phân công')),
                        ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                        ('role', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.role', verbose_name='vai trò')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'lịch sử phân công',
                        'verbose_name_plural': 'historical phân công',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='DocumentStyle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(blank=True, choices=welfare.documents.styles.models.kind_choices, help_text='Để trống là mọi văn bản của đơn vị.', max_length=60, verbose_name='văn bản')),
                        ('capacity', models.TextField(blank=True, help_text='Mỗi dòng một cấp, ví dụ: TM. BAN THƯỜNG VỤ, dòng dưới PHÓ CHỦ TỊCH.', max_length=300, verbose_name='quyền hạn, chức vụ người ký')),
                        ('signer', models.CharField(blank=True, max_length=100, verbose_name='họ và tên người ký')),
                        ('recipients', models.TextField(blank=True, help_text='Mỗi nơi một dòng.', max_length=2000, verbose_name='nơi nhận')),
                        ('closing_words', models.TextField(blank=True, help_text='Thêm vào cuối nội dung, trước chữ ký.', max_length=2000, verbose_name='lời kết')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('template', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.storedfile', verbose_name='mẫu Word')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị ban hành')),
                    ],
                    options={
                        'verbose_name': 'cách trình bày văn bản',
                        'verbose_name_plural': 'cách trình bày văn bản',
                        'ordering': ['unit__path', 'kind', '-valid_from'],
                        'default_permissions': ('view', 'add', 'change'),
                    },
                ),
                migrations.AddField(
                    model_name='document',
                    name='issuer_unit',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị ban hành'),
                ),
                migrations.AddField(
                    model_name='document',
                    name='unit',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='welfare.unit', verbose_name='đơn vị vào sổ'),
                ),
                migrations.AddField(
                    model_name='department',
                    name='unit',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='welfare.unit', verbose_name='đơn vị'),
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='lúc')),
                        ('action', models.CharField(choices=[('sign_in', 'Đăng nhập'), ('sign_in_failed', 'Đăng nhập không thành công'), ('sign_out', 'Đăng xuất'), ('view', 'Xem dữ liệu cá nhân'), ('reveal', 'Xem số định danh'), ('search', 'Tìm kiếm'), ('export', 'Xuất dữ liệu'), ('print', 'In văn bản'), ('download', 'Tải tệp'), ('upload', 'Tải danh sách lên'), ('refuse', 'Từ chối tệp'), ('change', 'Chuyển trạng thái'), ('approve', 'Phê duyệt'), ('pay', 'Chi tiền'), ('permission', 'Thay đổi quyền')], max_length=20, verbose_name='việc')),
                        ('subject_kind', models.CharField(blank=True, max_length=60, verbose_name='đối tượng')),
                        ('subject_id', models.CharField(blank=True, max_length=40, verbose_name='mã đối tượng')),
                        ('detail', models.JSONField(default=dict, verbose_name='chi tiết')),
                        ('address', models.GenericIPAddressField(null=True, verbose_name='địa chỉ mạng')),
                        ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người làm')),
                        ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'sự việc',
                        'verbose_name_plural': 'nhật ký',
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Appointment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=welfare.units.models.today, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='xác nhận lúc')),
                        ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lãnh đạo xác nhận')),
                        ('granted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người phân công')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='welfare.department', verbose_name='ban')),
                        ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='welfare.role', verbose_name='vai trò')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'phân công',
                        'verbose_name_plural': 'phân công',
                        'ordering': ['user__username', '-valid_from'],
                        'permissions': [('confirm_appointment', 'Xác nhận phân công')],
                    },
                ),
                migrations.AddField(
                    model_name='user',
                    name='unit',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='users', to='welfare.unit', verbose_name='đơn vị công tác'),
                ),
                migrations.CreateModel(
                    name='UnitKeeper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keepers', to='welfare.unit', verbose_name='đơn vị')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_units', to=settings.AUTH_USER_MODEL, verbose_name='cán bộ phụ trách')),
                    ],
                    options={
                        'verbose_name': 'phụ trách đơn vị',
                        'verbose_name_plural': 'phụ trách đơn vị',
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalUnit',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.CharField(db_index=True, max_length=30, verbose_name='mã')),
                        ('name', models.CharField(max_length=200, verbose_name='tên đầy đủ')),
                        ('short_name', models.CharField(max_length=80, verbose_name='tên gọi tắt')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='hoạt động từ ngày')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('kind', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='welfare.unitkind', verbose_name='cấp')),
                    ],
                    options={
                        'verbose_name': 'lịch sử đơn vị',
                        'verbose_name_plural': 'historical đơn vị',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='UnitYear',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                        ('members', models.PositiveIntegerField(default=0, verbose_name='đoàn viên')),
                        ('workers', models.PositiveIntegerField(default=0, verbose_name='người lao động')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'số đoàn viên theo năm',
                        'verbose_name_plural': 'số đoàn viên theo năm',
                        'ordering': ['-year'],
                    },
                ),
                migrations.CreateModel(
                    name='PrintPart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField(verbose_name='thứ tự')),
                        ('numbering', models.PositiveSmallIntegerField(verbose_name='cách đánh số trang')),
                        ('html', models.TextField(verbose_name='trang nguồn')),
                        ('pdf', models.BinaryField(null=True, verbose_name='bản PDF')),
                        ('whole', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='print_parts', to='welfare.job', verbose_name='việc in')),
                    ],
                    options={
                        'verbose_name': 'phần của văn bản đang in',
                        'verbose_name_plural': 'phần của văn bản đang in',
                        'ordering': ['position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('whole', 'position'), name='print_part_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Paper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(editable=False, max_length=60, verbose_name='loại')),
                        ('subject_id', models.CharField(editable=False, max_length=40)),
                        ('extra', models.JSONField(default=dict, editable=False)),
                        ('title', models.CharField(max_length=500, verbose_name='văn bản')),
                        ('texts', models.JSONField(default=dict, editable=False, verbose_name='lời văn đã sửa')),
                        ('edition', models.PositiveIntegerField(default=0, editable=False, verbose_name='lần sửa')),
                        ('content', models.JSONField(editable=False, null=True, verbose_name='nội dung đã trình')),
                        ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('submitted', 'Đã trình ký'), ('issued', 'Đã ban hành'), ('dropped', 'Đã bỏ')], default='draft', max_length=10, verbose_name='trạng thái')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='soạn lúc')),
                        ('submitted_on', models.DateField(null=True, verbose_name='ngày trình')),
                        ('return_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do trả lại')),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người soạn')),
                        ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='welfare.document', verbose_name='số văn bản')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ban hành')),
                        ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người trình')),
                        ('docx', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.storedfile', verbose_name='bản Word')),
                        ('pdf', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.storedfile', verbose_name='bản PDF')),
                        ('scan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.storedfile', verbose_name='bản đã ký')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị ban hành')),
                    ],
                    options={
                        'verbose_name': 'văn bản soạn từ số liệu',
                        'verbose_name_plural': 'văn bản soạn từ số liệu',
                        'ordering': ['-created_at', '-pk'],
                        'permissions': [('issue_paper', 'Ban hành văn bản soạn từ số liệu')],
                        'default_permissions': ('view', 'add', 'change'),
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), _negated=True), models.Q(('content__isnull', False), ('document__isnull', False), ('issued_by__isnull', False)), _connector='OR'), name='paper_issued_has_number_and_content', violation_error_message='Văn bản đã ban hành phải có số, nội dung và người ban hành.'), models.CheckConstraint(condition=models.Q(('issued_by__isnull', True), models.Q(models.Q(('issued_by', models.F('created_by')), _negated=True), models.Q(('issued_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='paper_issued_by_another', violation_error_message='Người soạn, người trình không tự ban hành văn bản của mình.')],
                    },
                ),
                migrations.CreateModel(
                    name='OuterForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200, verbose_name='tên biểu mẫu')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='cơ quan ban hành biểu mẫu')),
                        ('sheets', models.JSONField(default=list, editable=False)),
                        ('mapping', models.JSONField(default=dict, editable=False, verbose_name='ô và chỉ số')),
                        ('edition', models.PositiveIntegerField(default=0, editable=False)),
                        ('is_used', models.BooleanField(default=True, verbose_name='đang dùng')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='tải lên lúc')),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
                        ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.storedfile', verbose_name='tệp')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='welfare.unit', verbose_name='đơn vị')),
                    ],
                    options={
                        'verbose_name': 'biểu mẫu của cấp trên',
                        'verbose_name_plural': 'biểu mẫu của cấp trên',
                        'ordering': ['-is_used', 'name'],
                        'default_permissions': ('view', 'add', 'change'),
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_used', True)), fields=('unit', 'name'), name='outer_form_name_once', violation_error_message='Đơn vị đã có biểu mẫu đang dùng mang tên này.')],
                    },
                ),
                migrations.AddConstraint(
                    model_name='numberregister',
                    constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='number_register_dates_in_order', violation_error_message='Ngày kết thúc của sổ phải từ ngày bắt đầu trở đi.'),
                ),
                migrations.AddConstraint(
                    model_name='numberregister',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('period', 'term'), _negated=True), ('starts_on__isnull', False), _connector='OR'), name='number_register_term_begins', violation_error_message='Sổ theo nhiệm kỳ phải có ngày bắt đầu.'),
                ),
                migrations.AddIndex(
                    model_name='job',
                    index=models.Index(fields=['state', 'lease_until'], name='welfare_job_state_a3a339_idx'),
                ),
                migrations.AddIndex(
                    model_name='job',
                    index=models.Index(fields=['owner', '-created_at'], name='welfare_job_owner_i_29ce11_idx'),
                ),
                migrations.AddConstraint(
                    model_name='documentstyle',
                    constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='document_style_dates_in_order', violation_error_message='Ngày kết thúc phải từ ngày bắt đầu trở đi.'),
                ),
                migrations.AddConstraint(
                    model_name='documentstyle',
                    constraint=models.UniqueConstraint(fields=('unit', 'kind', 'valid_from'), name='document_style_once_a_day', violation_error_message='Đã có cách trình bày của văn bản này từ ngày này; hãy sửa dòng đó.'),
                ),
                migrations.AddConstraint(
                    model_name='documentstyle',
                    constraint=models.UniqueConstraint(condition=models.Q(('valid_from', None)), fields=('unit', 'kind'), name='document_style_once_without_day', violation_error_message='Đã có cách trình bày của văn bản này từ ngày này; hãy sửa dòng đó.'),
                ),
                migrations.AddConstraint(
                    model_name='document',
                    constraint=models.CheckConstraint(condition=models.Q(('day__isnull', True), ('month__isnull', False), _connector='OR'), name='document_day_needs_month', violation_error_message='Văn bản có ngày thì phải có tháng.'),
                ),
                migrations.AddConstraint(
                    model_name='document',
                    constraint=models.CheckConstraint(condition=models.Q(('month__isnull', True), ('year__isnull', False), _connector='OR'), name='document_month_needs_year', violation_error_message='Văn bản có tháng thì phải có năm.'),
                ),
                migrations.AddConstraint(
                    model_name='document',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('month__isnull', True), ('month__range', (1, 12)), _connector='OR'), models.Q(('day__isnull', True), ('day__range', (1, 31)), _connector='OR')), name='document_date_in_calendar', violation_error_message='Ngày từ 1 đến 31, tháng từ 1 đến 12.'),
                ),
                migrations.AddConstraint(
                    model_name='document',
                    constraint=models.UniqueConstraint(fields=('register', 'register_year', 'serial'), name='document_number_given_once', violation_error_message='Số này đã cấp cho văn bản khác trong cùng sổ; hãy lấy số khác.'),
                ),
                migrations.AddIndex(
                    model_name='auditevent',
                    index=models.Index(fields=['subject_kind', 'subject_id'], name='welfare_aud_subject_ce21af_idx'),
                ),
                migrations.AddConstraint(
                    model_name='appointment',
                    constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='appointment_dates_in_order', violation_error_message='Ngày kết thúc phân công phải sau ngày bắt đầu.'),
                ),
                migrations.AddConstraint(
                    model_name='appointment',
                    constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('granted_by__isnull', True), models.Q(('confirmed_by', models.F('granted_by')), _negated=True), _connector='OR'), name='appointment_confirmed_by_another', violation_error_message='Người phân công không tự xác nhận được.'),
                ),
                migrations.AddConstraint(
                    model_name='unit',
                    constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_dates_in_order', violation_error_message='Ngày kết thúc hoạt động phải sau ngày bắt đầu.'),
                ),
                migrations.AddConstraint(
                    model_name='unityear',
                    constraint=models.UniqueConstraint(fields=('unit', 'year'), name='unit_year_once', violation_error_message='Đơn vị đã có số liệu của năm này.'),
                ),
            ],
        ),
        append_only("welfare", "AuditEvent"),
        migrations.RunPython(_let_forget, migrations.RunPython.noop),
        migrations.RunPython(_keep_issued, migrations.RunPython.noop),
    ]
