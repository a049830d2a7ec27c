# Afterimage in a container:
#     docker build -t afterimage .
#     docker run --rm -p 8501:8501 --memory 3g --cpus 2 --pids-limit 512 afterimage
# The base is named by its digest, so that it is the same one tomorrow. A newer one, with what Debian has mended since:
#     docker buildx imagetools inspect python:3.11-slim
ARG BASE=python:3.11.16-slim@sha256:e41613d42d4891e4930f79523f93f81bbc7632584ec65e36ab055f41a800b41e
FROM ${BASE}

# A user without rights. Its number is the one that Hugging Face runs containers as.
RUN useradd --create-home --uid 1000 afterimage
WORKDIR /home/afterimage/app

# What changes seldom comes first: as long as the requirements stay, their layer is taken from the cache.
# torch's CPU build comes from its own site, all else from PyPI, both by hashes.
COPY app/requirements.lock app/torch.lock app/
RUN pip install --no-cache-dir --require-hashes --no-deps -r app/requirements.lock \
    && pip install --no-cache-dir --require-hashes --no-deps -r app/torch.lock \
    && pip check

# PostgreSQL for rooms that several servers share (deploy/compose.yaml): EXTRAS=postgresql.
ARG EXTRAS=""
RUN if [ "$EXTRAS" = postgresql ]; then pip install --no-cache-dir --no-deps psycopg==3.3.9 psycopg-binary==3.3.9; fi

COPY . .
USER afterimage

EXPOSE 8501
HEALTHCHECK --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", "8501"]
