FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_ENV=production VAR_DIR=/var/lib/welfare PORT=8000
WORKDIR /srv/welfare
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN useradd --system --home-dir /var/lib/welfare --create-home welfare
USER welfare
EXPOSE 8000
CMD ["gunicorn", "welfare.wsgi", "--no-control-socket"]
