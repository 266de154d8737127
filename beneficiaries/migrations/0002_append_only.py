from django.db import migrations

from welfare.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0001_initial")]

    operations = [append_only("beneficiaries", "FundEntry")]
