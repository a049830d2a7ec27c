# Afterimage in a container:
#     docker build -t afterimage .
#     docker run --rm -p 8501:8501 afterimage
FROM python:3.11-slim

# A user without rights. Its number is the one that Hugging Face runs containers as.
RUN useradd --create-home --uid 1000 afterimage
WORKDIR /home/afterimage/app

# What changes seldom comes first: as long as the requirements stay, their layer is taken from the cache.
COPY requirements.txt ./
COPY app/requirements.txt app/
RUN pip install --no-cache-dir -r app/requirements.txt

COPY . .
USER afterimage

EXPOSE 8501
HEALTHCHECK --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", "8501"]
