# Afterimage in a container:
#     docker build -t afterimage .
#     docker run --rm -p 8501:8501 --memory 3g --cpus 2 --pids-limit 512 afterimage
# For an image that can be built again to the last bit, name the base by the digest that you have looked at:
#     docker build --build-arg BASE=python:3.11-slim@sha256:... -t afterimage .
ARG BASE=python:3.11-slim
FROM ${BASE}

# A user without rights. Its number is the one that Hugging Face runs containers as.
RUN useradd --create-home --uid 1000 afterimage
WORKDIR /home/afterimage/app

# What changes seldom comes first: as long as the requirements stay, their layer is taken from the cache.
# torch's CPU build comes from its own site, by version; all else from PyPI, by the hashes of app/requirements.lock.
COPY requirements.txt ./
COPY app/requirements.txt app/requirements.lock app/
RUN pip install --no-cache-dir --require-hashes --no-deps -r app/requirements.lock \
    && grep -E "^(torch|--find-links)" app/requirements.txt > /tmp/torch.txt \
    && grep "^torchvision" requirements.txt >> /tmp/torch.txt \
    && pip install --no-cache-dir --no-deps -r /tmp/torch.txt \
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
