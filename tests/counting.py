"""A job of ``params["steps"]`` steps whose one effect is an organization named after the job."""

import time

from welfare.models import Organization


def count(job):
    steps = job.params["steps"]
    for step in range(steps):
        job.progress(step, steps, f"Đang đếm đến {step}.")
        time.sleep(job.params.get("pause", 0.1))
        if job.params.get("breaks_at") == step:
            raise RuntimeError("a planted fault")
    with job.completing("Đã đếm xong."):
        Organization.objects.create(name=str(job.pk), kind=Organization.Kind.OTHER)
